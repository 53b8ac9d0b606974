import type { RoutingDecisionTable } from './schema.ts'
import type { Db } from './store.ts'

/** Agents with their departments and how many conversations they hold or are offered. */
export async function listCandidates(db: Db) {
  const agents = await db
    .selectFrom('agent')
    .select(['id', 'name', 'status', 'capacity', 'disabled_at', 'last_assigned_at'])
    .orderBy('id')
    .execute()
  const members = await db.selectFrom('department_member').selectAll().execute()
  const open = await db
    .selectFrom('conversation')
    .select(['assignee_id', 'offer_agent_id'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('closed_at', 'is', null)
    .where('status', 'in', ['assigned', 'offered'])
    .groupBy(['assignee_id', 'offer_agent_id'])
    .execute()

  const held = new Map<string, number>()
  const offered = new Map<string, number>()
  for (const { assignee_id, offer_agent_id, count } of open) {
    if (assignee_id) held.set(assignee_id, (held.get(assignee_id) ?? 0) + count)
    if (offer_agent_id) offered.set(offer_agent_id, (offered.get(offer_agent_id) ?? 0) + count)
  }
  return agents.map((agent) => ({
    ...agent,
    departmentIds: members
      .filter((member) => member.agent_id === agent.id)
      .map((member) => member.department_id),
    held: held.get(agent.id) ?? 0,
    offered: offered.get(agent.id) ?? 0,
  }))
}
export type CandidateRow = Awaited<ReturnType<typeof listCandidates>>[number]

export function listRefusals(db: Db, conversationIds: readonly string[]) {
  return db
    .selectFrom('offer_refusal')
    .selectAll()
    .where('conversation_id', 'in', conversationIds)
    .execute()
}

/** Who did not want it no longer matters once somebody has it, or nobody needs to. */
export async function dropRefusals(db: Db, conversationId: string) {
  await db.deleteFrom('offer_refusal').where('conversation_id', '=', conversationId).execute()
}

export async function insertDecision(db: Db, decision: RoutingDecisionTable) {
  await db.insertInto('routing_decision').values(decision).execute()
}

/** Held by these agents, with when each got it. */
export async function listHeldBy(db: Db, agentIds: readonly string[]) {
  if (agentIds.length === 0) return []
  return db
    .selectFrom('conversation')
    .select(['id', 'assignee_id', 'assigned_at'])
    .where('closed_at', 'is', null)
    .where('status', '=', 'assigned')
    .where('assignee_id', 'in', agentIds)
    .execute()
}

export interface LimboOptions {
  limit: number
  /** Offers that should have ended before this, and agents lost for longer: the routing has not looked after them. */
  overdueAt: number
  graceMs: number
}

/**
 * Open conversations in none of the states that somebody answers for: the limbo that must not exist.
 * Each condition is a promise that the transitions keep; a row here is a bug, or a hand in the database.
 */
export function listLimbo(db: Db, { limit, overdueAt, graceMs }: LimboOptions) {
  return db
    .selectFrom('conversation')
    .leftJoin('agent', 'agent.id', 'conversation.assignee_id')
    .leftJoin('agent as asked', 'asked.id', 'conversation.offer_agent_id')
    .select('conversation.id')
    .where('conversation.closed_at', 'is', null)
    .where((eb) => {
      const is = (status: 'queued' | 'offered' | 'assigned') =>
        eb('conversation.status', '=', status)
      const isHeld = eb('conversation.assignee_id', 'is not', null)
      const hasOffer = eb('conversation.offer_agent_id', 'is not', null)
      const isPresent = eb.exists(
        eb
          .selectFrom('presence')
          .select('presence.agent_id')
          .whereRef('presence.agent_id', '=', 'conversation.assignee_id')
          .where((or) =>
            or.or([
              or.and([
                or('presence.lost_at', 'is', null),
                or('presence.expires_at', '>', overdueAt - graceMs),
              ]),
              or('presence.lost_at', '>', overdueAt - graceMs),
            ]),
          ),
      )
      return eb.or([
        eb('conversation.status', 'not in', ['queued', 'offered', 'assigned']),
        eb.and([is('queued'), eb.or([eb('conversation.queued_at', 'is', null), isHeld, hasOffer])]),
        eb.and([
          is('offered'),
          eb.or([
            eb('conversation.offer_id', 'is', null),
            eb('conversation.offer_deadline_at', 'is', null),
            eb('conversation.offer_deadline_at', '<', overdueAt),
            eb('asked.id', 'is', null),
            isHeld,
          ]),
        ]),
        eb.and([
          is('assigned'),
          eb.or([
            eb('agent.id', 'is', null),
            hasOffer,
            eb.and([
              eb(
                eb.fn.coalesce('conversation.assigned_at', 'conversation.created_at'),
                '<',
                overdueAt - graceMs,
              ),
              eb.not(isPresent),
            ]),
          ]),
        ]),
      ])
    })
    .limit(limit)
    .execute()
}

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

/**
 * Open conversations in none of the states that somebody answers for: the limbo that must not exist.
 * Each condition is a promise that the transitions keep; a row here is a bug, or a hand in the database.
 */
export function listLimbo(db: Db, limit: number) {
  return db
    .selectFrom('conversation')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([
          eb('closed_at', 'is', null),
          eb('status', 'not in', ['queued', 'offered', 'assigned']),
        ]),
        eb.and([
          eb('closed_at', 'is', null),
          eb('status', '=', 'queued'),
          eb('queued_at', 'is', null),
        ]),
        eb.and([
          eb('closed_at', 'is', null),
          eb('status', '=', 'offered'),
          eb.or([
            eb('offer_id', 'is', null),
            eb('offer_agent_id', 'is', null),
            eb('offer_deadline_at', 'is', null),
          ]),
        ]),
        eb.and([
          eb('closed_at', 'is', null),
          eb('status', '=', 'assigned'),
          eb.or([
            eb('assignee_id', 'is', null),
            eb('assignee_id', 'not in', (sub) => sub.selectFrom('agent').select('agent.id')),
          ]),
        ]),
      ]),
    )
    .where('closed_at', 'is', null)
    .limit(limit)
    .execute()
}

import type { Context } from '../context.ts'
import type { Candidate } from '../rules/candidate.ts'
import { route, type UnplacedReason } from '../rules/routing.ts'
import { listDepartments, listLostSince, listPresentAgentIds } from '../store/agents.ts'
import { listOffered, listQueued } from '../store/conversations.ts'
import {
  type CandidateRow,
  insertDecision,
  listCandidates,
  listHeldBy,
  listRefusals,
} from '../store/routing.ts'
import type { ConversationTable } from '../store/schema.ts'
import type { Tx } from '../store/store.ts'
import { toPriority } from '../views/conversation-view.ts'
import { announceOfferGone, putRefusal, refusalMs } from './change-hands.ts'
import { announce, type ConversationDraft, lockForChange } from './conversation-draft.ts'
import { enqueue, offerTo, takeBack } from './transitions.ts'

/**
 * Waiting conversations of each department that one run looks at. Per department: one that nobody serves, with
 * all that piled up there overnight, must not stand in the way of the others.
 */
const queueWindow = 200
/** Changes in one transaction, so that it stays short; the caller runs again while there is more. */
const maxChanges = 100

/** Why a conversation could not be given to anybody, as it was last written: the same is not written twice. */
export type UnplacedMemory = Map<string, UnplacedReason>

export interface RoutingOutcome {
  offers: number
  /** When to run again though nothing has changed; null when only a change can matter. */
  nextAt: number | null
  /** More was to do than one transaction should. */
  hasMore: boolean
}

interface Change {
  before: ConversationTable
  draft: ConversationDraft
}

/**
 * The one place that gives chats away. Ends offers whose time is over or whose agent can't take them, takes
 * chats back from agents who are lost, then offers what waits. One transaction: what the rules decided by
 * is what is written.
 */
export async function routeQueue(
  context: Context,
  memory: UnplacedMemory = new Map(),
): Promise<RoutingOutcome> {
  const { store, bus } = context
  const { changes, outcome } = await store.transaction((tx) => routeInside(tx, context, memory))
  for (const { before, draft } of changes) {
    announce(context, draft)
    announceOfferGone(context, before, draft.row)
    const { offer_id, offer_agent_id } = draft.row
    if (offer_id && offer_agent_id && offer_id !== before.offer_id) {
      bus.publish({
        type: 'offer',
        conversationId: draft.row.id,
        offerId: offer_id,
        agentId: offer_agent_id,
      })
    }
  }
  return outcome
}

async function routeInside(tx: Tx, context: Context, memory: UnplacedMemory) {
  const { graceMs, offerMs } = context
  const now = context.now()
  const rows = await listCandidates(tx.db)
  const present = await listPresentAgentIds(tx.db, now)
  const lostSince = await listLostSince(tx.db, now)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const changes = new Map<string, Change>()
  const deadlines: number[] = []

  const change = async (id: string, apply: (draft: ConversationDraft) => Promise<void> | void) => {
    const known = changes.get(id)
    const draft = known?.draft ?? (await lockForChange(tx, context, id))
    if (!draft) return
    const before = known?.before ?? { ...draft.row }
    await apply(draft)
    changes.set(id, { before, draft })
  }

  // Chats of agents who are lost for longer than the grace, or who are shut out.
  const lost = rows.filter(({ id, disabled_at }) => disabled_at !== null || !present.has(id))
  for (const held of await listHeldBy(
    tx.db,
    lost.map(({ id }) => id),
  )) {
    const agent = byId.get(held.assignee_id ?? '')
    if (!agent) continue
    const isDisabled = agent.disabled_at !== null
    const lostAt = Math.max(lostSince.get(agent.id) ?? 0, held.assigned_at ?? 0)
    const takeAt = isDisabled ? now : lostAt + graceMs
    if (takeAt > now) deadlines.push(takeAt)
    else if (changes.size < maxChanges) {
      await change(held.id, (draft) => {
        takeBack(draft, agent, isDisabled ? 'agent-disabled' : 'agent-lost')
        agent.held -= 1
      })
    }
  }

  // Offers that are over.
  for (const row of await listOffered(tx.db)) {
    const agent = byId.get(row.offer_agent_id ?? '')
    // An offer to nobody, or without an end, is no offer but limbo: the watchdog's, who counts it.
    if (!agent || row.offer_id === null || row.offer_deadline_at === null) continue
    const isExpired = row.offer_deadline_at <= now
    if (!isExpired && canTake(agent, row)) {
      deadlines.push(row.offer_deadline_at)
      continue
    }
    if (changes.size >= maxChanges) continue
    await change(row.id, async (draft) => {
      if (isExpired) {
        draft.add('expired', { agent: { id: agent.id, name: agent.name } })
        await putRefusal(tx, row.id, agent.id, now + refusalMs)
      }
      enqueue(draft, isExpired ? 'expired' : 'offer-withdrawn')
      agent.offered -= 1
    })
  }

  // What waits now: the queue as it was, with what came back.
  const queue = new Map<string, ConversationTable>()
  for (const { id: departmentId } of await listDepartments(tx.db)) {
    const waiting = await listQueued(tx.db, { departmentId, limit: queueWindow })
    for (const row of waiting) if (row.queued_at !== null) queue.set(row.id, row)
  }
  for (const { draft } of changes.values()) queue.set(draft.row.id, draft.row)
  const excluded = await readExcluded(tx, [...queue.keys()])
  const { decisions, unplaced, retryAt } = route({
    queue: [...queue.values()].map((row) => ({
      conversationId: row.id,
      departmentId: row.department_id,
      priority: toPriority(row.priority),
      queuedAt: row.queued_at ?? row.created_at,
      isFront: row.is_front === 1,
      excluded: excluded.get(row.id) ?? [],
    })),
    agents: rows.map((row) => toCandidate(row, present.has(row.id))),
    now,
    offerMs,
  })

  const applied = decisions.slice(0, maxChanges)
  for (const { conversationId, agentId, deadlineAt, considered } of applied) {
    const agent = byId.get(agentId)
    if (!agent) continue
    await change(conversationId, async (draft) => {
      offerTo(draft, agent, { id: context.newId(), deadlineAt })
      await recordDecision(tx, context, conversationId, agentId, considered)
    })
    memory.delete(conversationId)
    deadlines.push(deadlineAt)
  }
  // Who is full and who is not changes with every chat; a line for each of those who wait would be written each time.
  const unexplained = unplaced.filter((one) => memory.get(one.conversationId) !== one.reason)
  for (const { conversationId, reason, considered } of unexplained.slice(0, maxChanges)) {
    memory.set(conversationId, reason)
    await recordDecision(tx, context, conversationId, null, considered, reason)
  }
  for (const { draft } of changes.values()) await draft.write(tx)

  // Presence runs out without anybody saying so: look again by then.
  if (retryAt !== null) deadlines.push(retryAt)
  for (const id of memory.keys()) if (!queue.has(id)) memory.delete(id)
  return {
    changes: [...changes.values()],
    outcome: {
      offers: applied.length,
      nextAt: deadlines.length > 0 ? Math.min(...deadlines) : null,
      hasMore: decisions.length > applied.length || changes.size >= maxChanges,
    },
  }
}

/** Who declined each of these or let its offer pass. */
async function readExcluded({ db }: Tx, conversationIds: readonly string[]) {
  const excluded = new Map<string, { agentId: string; until: number }[]>()
  if (conversationIds.length === 0) return excluded
  for (const { conversation_id, agent_id, until } of await listRefusals(db, conversationIds)) {
    const known = excluded.get(conversation_id)
    if (known) known.push({ agentId: agent_id, until })
    else excluded.set(conversation_id, [{ agentId: agent_id, until }])
  }
  return excluded
}

/** Whether an agent to whom a chat is offered can still take it; a lost connection alone does not end an offer. */
function canTake(agent: CandidateRow, conversation: ConversationTable) {
  return (
    agent.disabled_at === null &&
    agent.status === 'online' &&
    agent.departmentIds.includes(conversation.department_id) &&
    agent.held < agent.capacity
  )
}

function toCandidate(row: CandidateRow, isPresent: boolean): Candidate {
  return {
    agentId: row.id,
    departmentIds: row.departmentIds,
    status: row.status,
    isPresent,
    isDisabled: row.disabled_at !== null,
    capacity: row.capacity,
    load: row.held + row.offered,
    lastAssignedAt: row.last_assigned_at === 0 ? null : row.last_assigned_at,
  }
}

async function recordDecision(
  { db }: Tx,
  { newId, now }: Context,
  conversationId: string,
  agentId: string | null,
  considered: unknown,
  reason?: string,
) {
  await insertDecision(db, {
    id: newId(),
    conversation_id: conversationId,
    at: now(),
    agent_id: agentId,
    considered: JSON.stringify(reason ? { reason, considered } : { considered }),
  })
}

import type { Context } from '../context.ts'
import type { Candidate } from '../rules/candidate.ts'
import { route } from '../rules/routing.ts'
import { listLostSince, listPresentAgentIds } from '../store/agents.ts'
import { listWaiting } from '../store/conversations.ts'
import {
  type CandidateRow,
  insertDecision,
  listCandidates,
  listHeld,
  listRefusals,
} from '../store/routing.ts'
import type { ConversationTable } from '../store/schema.ts'
import type { Tx } from '../store/store.ts'
import { toPriority } from '../views/conversation-view.ts'
import { announceOfferGone, putRefusal, refusalMs } from './change-hands.ts'
import { announce, type ConversationDraft, lockForChange } from './conversation-draft.ts'
import { enqueue, offerTo, takeBack } from './transitions.ts'

/** Conversations looked at in one run; what is behind them waits for somebody to be free anyway. */
const queueWindow = 500
/** Changes in one transaction, so that it stays short; the caller runs again while there is more. */
const maxChanges = 100

/** What was last written about a conversation that nobody could take: the same reasons are not written twice. */
export type UnplacedMemory = Map<string, string>

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
  for (const held of await listHeld(tx.db)) {
    const agent = byId.get(held.assignee_id ?? '')
    if (!agent) continue
    const lostAt = lostSince.get(agent.id) ?? (present.has(agent.id) ? null : held.assigned_at)
    const isDisabled = agent.disabled_at !== null
    if (!isDisabled && lostAt === null) continue
    const takeAt = isDisabled ? now : Math.max(lostAt ?? 0, held.assigned_at ?? 0) + graceMs
    if (takeAt > now) deadlines.push(takeAt)
    else if (changes.size < maxChanges) {
      await change(held.id, (draft) => {
        takeBack(draft, agent, isDisabled ? 'agent-disabled' : 'agent-lost')
        agent.held -= 1
      })
    }
  }

  // Offers that are over.
  const waiting = await listWaiting(tx.db, queueWindow)
  for (const row of waiting) {
    if (row.status !== 'offered') continue
    const agent = byId.get(row.offer_agent_id ?? '')
    const isExpired = (row.offer_deadline_at ?? 0) <= now
    if (!isExpired && agent && canTake(agent, row)) {
      deadlines.push(row.offer_deadline_at ?? now)
      continue
    }
    if (changes.size >= maxChanges) continue
    await change(row.id, async (draft) => {
      if (agent && isExpired) {
        draft.add('expired', { agent: { id: agent.id, name: agent.name } })
        await putRefusal(tx, row.id, agent.id, now + refusalMs)
      }
      enqueue(draft, isExpired ? 'expired' : 'offer-withdrawn')
      if (agent) agent.offered -= 1
    })
  }

  // What waits now: the queue as it was, with what came back.
  const queue = new Map(
    waiting.filter((row) => row.status === 'queued').map((row) => [row.id, row] as const),
  )
  for (const { draft } of changes.values()) queue.set(draft.row.id, draft.row)
  const refusals = queue.size > 0 ? await listRefusals(tx.db, [...queue.keys()]) : []
  const { decisions, unplaced, retryAt } = route({
    queue: [...queue.values()].map((row) => ({
      conversationId: row.id,
      departmentId: row.department_id,
      priority: toPriority(row.priority),
      queuedAt: row.queued_at ?? row.created_at,
      isFront: row.is_front === 1,
      excluded: refusals
        .filter((refusal) => refusal.conversation_id === row.id)
        .map((refusal) => ({ agentId: refusal.agent_id, until: refusal.until })),
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
  for (const { conversationId, reason, considered } of unplaced.slice(0, maxChanges)) {
    // Loads change with every chat; what matters is who was ruled out by what.
    const why = reason + considered.map(({ agentId, outcome }) => `${agentId}:${outcome}`).join()
    if (memory.get(conversationId) === why) continue
    memory.set(conversationId, why)
    await recordDecision(tx, context, conversationId, null, considered, reason)
  }
  for (const { draft } of changes.values()) await draft.write(tx)

  // Presence runs out without anybody saying so: look again by then.
  if (retryAt !== null) deadlines.push(retryAt)
  for (const agentId of memory.keys()) if (!queue.has(agentId)) memory.delete(agentId)
  return {
    changes: [...changes.values()],
    outcome: {
      offers: applied.length,
      nextAt: deadlines.length > 0 ? Math.min(...deadlines) : null,
      hasMore: decisions.length > applied.length || changes.size >= maxChanges,
    },
  }
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

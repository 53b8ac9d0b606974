import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { ConversationDraft } from './conversation-draft.ts'

/*
 * The ways a conversation changes hands. Each leaves it in exactly one state, with the fields of the other
 * states cleared, and writes the events that say so.
 */

type QueueReason = Extract<TimelineEvent, { type: 'queued' }>['reason']

export interface AgentName {
  id: string
  name: string
}

const noOffer = { offer_id: null, offer_agent_id: null, offer_deadline_at: null }

/** Into the queue. Who was there before keeps the place: arrival counts once. */
export function enqueue(draft: ConversationDraft, reason: QueueReason, { isFront = false } = {}) {
  const isBack = draft.row.status === 'offered'
  draft.set({
    ...noOffer,
    status: 'queued',
    assignee_id: null,
    assigned_at: null,
    closed_at: null,
    queued_at: (isBack ? draft.row.queued_at : null) ?? draft.at,
    is_front: isFront || (isBack && draft.row.is_front === 1) ? 1 : 0,
  })
  draft.add('queued', { reason })
}

export function offerTo(
  draft: ConversationDraft,
  agent: AgentName,
  offer: { id: string; deadlineAt: number },
) {
  draft.set({
    status: 'offered',
    offer_id: offer.id,
    offer_agent_id: agent.id,
    offer_deadline_at: offer.deadlineAt,
  })
  draft.add('offered', { agent: toName(agent), deadlineAt: offer.deadlineAt })
}

/** To one agent. The caller has checked, under the lock, that nobody has it and that the agent has room. */
export function assignTo(
  draft: ConversationDraft,
  agent: AgentName,
  how: Extract<TimelineEvent, { type: 'assigned' }>['how'],
) {
  const waitedMs = draft.row.queued_at === null ? 0 : Math.max(0, draft.at - draft.row.queued_at)
  draft.set({
    ...noOffer,
    status: 'assigned',
    assignee_id: agent.id,
    assigned_at: draft.at,
    queued_at: null,
    is_front: 0,
    closed_at: null,
  })
  draft.add('assigned', { agent: toName(agent), how, waitedMs })
}

/** Takes it from an agent who can't keep it, back to the front of the queue. */
export function takeBack(draft: ConversationDraft, agent: AgentName, reason: QueueReason) {
  draft.add('unassigned', { agent: toName(agent), reason })
  enqueue(draft, reason, { isFront: true })
}

export function close(
  draft: ConversationDraft,
  by: Extract<TimelineEvent, { type: 'closed' }>['by'],
  agent: AgentName | null,
) {
  draft.set({
    ...noOffer,
    status: 'closed',
    // Kept: who had it last is what Closed lists and reports ask for.
    assignee_id: draft.row.assignee_id,
    queued_at: null,
    is_front: 0,
    waiting_since: null,
    closed_at: draft.at,
  })
  draft.add('closed', { by, agent: agent && toName(agent) })
}

/** A copy with the two fields that may be shown, whatever else the caller's object holds. */
const toName = ({ id, name }: AgentName): AgentName => ({ id, name })

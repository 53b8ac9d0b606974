import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import { unreachable } from '../../shared/unreachable.ts'
import { entriesOf, type History, type StandingEntry } from './history.ts'
import { violation, type Violation } from './violation.ts'

/** Holds who had which conversation against D9 and D10. Needs the finals as agents read them. */
export function checkHolding(history: History): Violation[] {
  return [
    ...checkHolders(history),
    ...checkClaims(history),
    ...checkCapacity(history),
    ...checkLimbo(history),
  ]
}

/** Who holds the conversation after this event; undefined where the event does not tell. */
function toHolder(event: TimelineEvent): string | null | undefined {
  switch (event.type) {
    case 'assigned':
      return event.agent.id
    case 'queued':
    case 'offered':
    case 'unassigned':
    case 'closed':
    case 'reopened':
      return null
    case 'created':
    case 'message':
    case 'note':
    case 'declined':
    case 'expired':
    case 'contact':
      return undefined
    default:
      return unreachable(event)
  }
}

function* checkHolders(history: History): Generator<Violation> {
  for (const { audience, conversationId, events } of entriesOf(history, 'final')) {
    if (audience !== 'agent') continue
    let holder: string | null = null
    for (const event of events) {
      const next = toHolder(event)
      if (next && holder && next !== holder) {
        const detail = `${next} was given at seq ${event.seq} what ${holder} held`
        yield violation('two-holders', conversationId, detail)
      }
      if (next !== undefined) holder = next
    }
  }
}

/** Two agents who were both told "it is yours", without anything between that took it away. */
function* checkClaims(history: History): Generator<Violation> {
  const events = new Map<string, readonly TimelineEvent[]>()
  for (const final of entriesOf(history, 'final')) {
    if (final.audience === 'agent') events.set(final.conversationId, final.events)
  }
  for (const claim of entriesOf(history, 'claim')) {
    if (!claim.isWon) continue
    const wasTheirs = events
      .get(claim.conversationId)
      ?.some(
        (event) =>
          event.type === 'assigned' &&
          event.agent.id === claim.agentId &&
          (claim.seq === null || event.seq === claim.seq),
      )
    if (wasTheirs) continue
    const detail = `${claim.agentId} was told that it is theirs, but it never was`
    yield violation('two-holders', claim.conversationId, detail)
  }
}

/** Replays all conversations together. Within one millisecond what frees comes first: their order is not known. */
function* checkCapacity(history: History): Generator<Violation> {
  const capacity = new Map<string, number>()
  for (const entry of entriesOf(history, 'capacity')) {
    capacity.set(entry.agentId, Math.max(entry.capacity, capacity.get(entry.agentId) ?? 0))
  }
  const changes = entriesOf(history, 'final')
    .filter((final) => final.audience === 'agent')
    .flatMap((final) => toChanges(final.events))
    .sort((one, other) => one.at - other.at || one.by - other.by)

  const held = new Map<string, number>()
  for (const { agentId, conversationId, by } of changes) {
    const count = (held.get(agentId) ?? 0) + by
    held.set(agentId, count)
    const limit = capacity.get(agentId)
    if (by > 0 && limit !== undefined && count > limit) {
      const detail = `${agentId} held ${count} with a capacity of ${limit}`
      yield violation('over-capacity', conversationId, detail)
    }
  }
}

function toChanges(events: readonly TimelineEvent[]) {
  const changes: { at: number; agentId: string; conversationId: string; by: 1 | -1 }[] = []
  let holder: string | null = null
  for (const event of events) {
    const next = toHolder(event)
    if (next === undefined || next === holder) continue
    const { at, conversationId } = event
    if (holder) changes.push({ at, conversationId, agentId: holder, by: -1 })
    if (next) changes.push({ at, conversationId, agentId: next, by: 1 })
    holder = next
  }
  return changes
}

function* checkLimbo(history: History): Generator<Violation> {
  for (const standing of entriesOf(history, 'standing')) {
    const reason = findLimbo(standing)
    if (reason) yield violation('limbo', standing.conversationId, reason)
  }
}

/** How late an offer's end may be carried out: it hangs on a timer. */
const deadlineSlackMs = 5_000

function findLimbo({ status, assigneeId, isAssigneePresent, offerDeadlineAt, at }: StandingEntry) {
  switch (status) {
    case 'queued':
    case 'closed':
      return assigneeId === null || status === 'closed'
        ? undefined
        : `waits in the queue and is held by ${assigneeId}`
    case 'offered':
      if (offerDeadlineAt === null) return 'is offered without a deadline'
      return offerDeadlineAt + deadlineSlackMs < at ? 'is offered past its deadline' : undefined
    case 'assigned':
      if (assigneeId === null) return 'is assigned to nobody'
      return isAssigneePresent ? undefined : `is held by ${assigneeId}, who is not there`
    case 'bot':
    case 'snoozed':
      return `is ${status}, which nothing sets`
    default:
      return unreachable(status)
  }
}

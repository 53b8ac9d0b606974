import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import { entriesOf, type History } from './history.ts'
import { violation, type Violation } from './violation.ts'

/** Holds every view of a conversation against each other and against the numbering (D3, D4). */
export function checkOrder(history: History): Violation[] {
  return [...checkFinals(history), ...checkFeeds(history), ...checkAgreement(history)]
}

/** Agents see every event: 1..n. Visitors see some: each names the one before it that they could see. */
function* checkFinals(history: History): Generator<Violation> {
  for (const { audience, conversationId, events } of entriesOf(history, 'final')) {
    let last = 0
    for (const event of events) {
      if (event.seq === last) {
        yield violation(
          'repeated',
          conversationId,
          `seq ${last} is there twice for the ${audience}`,
        )
      } else if (event.seq < last) {
        yield violation('out-of-order', conversationId, `seq ${event.seq} comes after ${last}`)
      } else if (event.prev !== last || (audience === 'agent' && event.seq !== last + 1)) {
        const detail = `seq ${event.seq} (prev ${event.prev}) follows ${last} for the ${audience}`
        yield violation('hole', conversationId, detail)
      }
      last = Math.max(last, event.seq)
    }
  }
}

/** A feed shows each event once, in order, without gaps; where it is said to be complete, it is. */
function* checkFeeds(history: History): Generator<Violation> {
  const lastOf = new Map<string, number>()
  const shown = new Map<string, Set<string>>()
  for (const { feed, event } of entriesOf(history, 'received')) {
    const last = lastOf.get(feed) ?? 0
    const { conversationId, seq, prev } = event
    if (seq === last) {
      yield violation('repeated', conversationId, `${feed} was shown seq ${seq} twice`)
    } else if (seq < last) {
      yield violation('out-of-order', conversationId, `${feed} was shown ${seq} after ${last}`)
    } else if (prev !== last) {
      const detail = `${feed} was shown ${seq} (prev ${prev}) after ${last}`
      yield violation('hole', conversationId, detail)
    }
    lastOf.set(feed, Math.max(last, seq))
    const ids = shown.get(feed) ?? new Set()
    shown.set(feed, ids.add(event.id))
  }

  for (const { by, conversationId, seq } of entriesOf(history, 'pushed-again')) {
    yield violation('repeated', conversationId, `${by} was sent seq ${seq} twice over one link`)
  }

  const finals = new Map<string, readonly TimelineEvent[]>()
  for (const { audience, conversationId, events } of entriesOf(history, 'final')) {
    finals.set(`${audience} ${conversationId}`, events)
  }
  for (const { feed, audience, conversationId } of entriesOf(history, 'caught-up')) {
    const ids = shown.get(feed)
    for (const event of finals.get(`${audience} ${conversationId}`) ?? []) {
      if (ids?.has(event.id)) continue
      yield violation('missed', conversationId, `${feed} was never shown seq ${event.seq}`)
    }
  }
}

/** One seq is one event, whoever looks and whenever. */
function* checkAgreement(history: History): Generator<Violation> {
  const idAt = new Map<string, string>()
  const told = new Set<string>()
  for (const { conversationId, seq, id } of everySighting(history)) {
    const place = `${conversationId} ${seq}`
    const known = idAt.get(place)
    if (known === undefined) idAt.set(place, id)
    else if (known !== id && !told.has(place)) {
      told.add(place)
      yield violation(
        'out-of-order',
        conversationId,
        `seq ${seq} is ${known} to one, ${id} to another`,
      )
    }
  }
}

function* everySighting(
  history: History,
): Generator<{ conversationId: string; seq: number; id: string }> {
  for (const entry of history) {
    if (entry.kind === 'received') yield entry.event
    else if (entry.kind === 'acked') yield entry
    else if (entry.kind === 'final') yield* entry.events
  }
}

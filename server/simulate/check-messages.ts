import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import { entriesOf, type AckedEntry, type History } from './history.ts'
import { violation, type Violation } from './violation.ts'

type Written = Extract<TimelineEvent, { type: 'message' | 'note' }>

/** Holds what was sent and acknowledged against what is there afterwards (D1, D2, D3, D12). */
export function checkMessages(history: History): Violation[] {
  const stored = toStored(history)
  return [
    ...checkAcknowledged(history, stored),
    ...checkStored(history, stored),
    ...checkSettled(history),
    ...checkSenderOrder(history),
  ]
}

const keyOf = (conversationId: string, clientId: string) => `${conversationId} ${clientId}`

/** Every stored message by conversation and clientId; normally one each. Agents' view first: it is the fuller one. */
function toStored(history: History) {
  const stored = new Map<string, Written[]>()
  const read = new Map<string, readonly TimelineEvent[]>()
  for (const final of entriesOf(history, 'final')) {
    if (final.audience === 'agent' || !read.has(final.conversationId))
      read.set(final.conversationId, final.events)
  }
  for (const event of [...read.values()].flat()) {
    if (event.type !== 'message' && event.type !== 'note') continue
    const key = keyOf(event.conversationId, event.clientId)
    stored.set(key, [...(stored.get(key) ?? []), event])
  }
  return { byKey: stored, conversationIds: new Set(read.keys()) }
}
type Stored = ReturnType<typeof toStored>

function* checkAcknowledged(history: History, stored: Stored): Generator<Violation> {
  const first = new Map<string, AckedEntry>()
  for (const acked of entriesOf(history, 'acked')) {
    const { conversationId, clientId, seq } = acked
    const earlier = first.get(keyOf(conversationId, clientId))
    if (earlier) {
      if (earlier.id !== acked.id || earlier.seq !== seq) {
        const detail = `${clientId} was acknowledged as ${earlier.seq} and as ${seq}`
        yield violation('repeated', conversationId, detail)
      }
      continue
    }
    first.set(keyOf(conversationId, clientId), acked)

    const found = stored.byKey.get(keyOf(conversationId, clientId))?.[0]
    if (!found) {
      const where = stored.conversationIds.has(conversationId) ? '' : ' (nor is its conversation)'
      yield violation('lost', conversationId, `${clientId}, seq ${seq}, is not there${where}`)
    } else if (found.seq !== seq || found.id !== acked.id || found.text !== acked.text) {
      yield violation('altered', conversationId, `${clientId} was ${seq} and is ${found.seq}`)
    }
  }
}

function* checkStored(history: History, stored: Stored): Generator<Violation> {
  const texts = new Map<string, string>()
  for (const sent of entriesOf(history, 'sent')) {
    texts.set(keyOf(sent.conversationId, sent.clientId), sent.text)
  }
  for (const [key, [message, ...repeats]] of stored.byKey) {
    if (!message) continue
    const { conversationId, clientId } = message
    for (const repeat of repeats) {
      const detail = `${clientId} is there as ${message.seq} and as ${repeat.seq}`
      yield violation('repeated', conversationId, detail)
    }
    const text = texts.get(key)
    if (text === undefined) {
      yield violation('invented', conversationId, `${clientId}, seq ${message.seq}, was never sent`)
    } else if (text !== message.text) {
      yield violation('altered', conversationId, `${clientId} has other words than were sent`)
    }
  }
}

function* checkSettled(history: History): Generator<Violation> {
  const settled = new Set<string>()
  for (const kind of ['acked', 'refused'] as const) {
    for (const entry of entriesOf(history, kind))
      settled.add(keyOf(entry.conversationId, entry.clientId))
  }
  for (const { conversationId, clientId } of entriesOf(history, 'sent')) {
    const key = keyOf(conversationId, clientId)
    if (settled.has(key)) continue
    settled.add(key)
    yield violation('unsettled', conversationId, `${clientId} was never answered`)
  }
}

/** In the order in which a sender first sent them, acknowledged messages have rising seqs. */
function* checkSenderOrder(history: History): Generator<Violation> {
  const seqs = new Map<string, number>()
  for (const acked of entriesOf(history, 'acked')) {
    seqs.set(keyOf(acked.conversationId, acked.clientId), acked.seq)
  }
  const last = new Map<string, { seq: number; clientId: string }>()
  const seen = new Set<string>()
  for (const { by, conversationId, clientId } of entriesOf(history, 'sent')) {
    const key = keyOf(conversationId, clientId)
    const seq = seqs.get(key)
    if (seq === undefined || seen.has(key)) continue
    seen.add(key)
    const lane = `${by} ${conversationId}`
    const before = last.get(lane)
    if (before && before.seq > seq) {
      const detail = `${by} sent ${before.clientId} before ${clientId}, but it stands after it`
      yield violation('sender-order', conversationId, detail)
    }
    last.set(lane, { seq, clientId })
  }
}

import type { OutboxEntry } from '../../shared/connection/types.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'

/** How far one of our own messages has come. */
export type Delivery = 'sending' | 'sent' | 'read' | 'failed'

export interface Bubble {
  /** Stays the same from *sending* to *sent*, so that nothing flickers. */
  key: string
  text: string
  at: number
  /** Set on a message that was refused: try again, or throw it away. */
  failed?: { clientId: string; code: string }
}

export type Item =
  | { kind: 'day'; key: string; at: number }
  | {
      kind: 'group'
      key: string
      side: 'in' | 'out' | 'note'
      authorId: string
      authorName: string | null
      at: number
      bubbles: Bubble[]
      /** On the last group of ours before the visitor's words, and on whatever is not sent yet. */
      delivery: Delivery | undefined
    }
  | { kind: 'system'; key: string; event: SystemEvent }

export type SystemEvent = Exclude<TimelineEvent, { type: 'message' | 'note' }>
type Group = Extract<Item, { kind: 'group' }>

const minute = 60_000

interface Input {
  events: readonly TimelineEvent[]
  pending: readonly OutboxEntry[]
  me: { id: string; name: string }
  visitorReadSeq: number
}

/** Turns a history and what is still on its way into what the log shows: days, groups by author and minute, small lines. */
export function toItems({ events, pending, me, visitorReadSeq }: Input): Item[] {
  const items: Item[] = []
  let day = ''
  let group: Group | undefined

  const startDay = (at: number) => {
    const name = new Date(at).toDateString()
    if (name === day) return
    day = name
    group = undefined
    items.push({ kind: 'day', key: `day ${name}`, at })
  }
  const addBubble = (head: Omit<Group, 'kind' | 'key' | 'bubbles' | 'at'>, bubble: Bubble) => {
    startDay(bubble.at)
    const isContinued =
      group !== undefined &&
      group.side === head.side &&
      group.authorId === head.authorId &&
      group.delivery === head.delivery &&
      Math.floor(group.at / minute) === Math.floor(bubble.at / minute)
    if (group && isContinued) {
      group.bubbles.push(bubble)
      group.at = bubble.at
      return
    }
    group = { kind: 'group', key: bubble.key, ...head, at: bubble.at, bubbles: [bubble] }
    items.push(group)
  }

  const told = findToldTwice(events)
  for (const event of events) {
    if (told.has(event.id)) continue
    if (event.type !== 'message' && event.type !== 'note') {
      // The first line of a conversation names the day itself.
      if (event.type === 'created') day = new Date(event.at).toDateString()
      else startDay(event.at)
      group = undefined
      items.push({ kind: 'system', key: event.id, event })
      continue
    }
    const { author } = event
    const side = event.type === 'note' ? 'note' : author.kind === 'visitor' ? 'in' : 'out'
    addBubble(
      {
        side,
        authorId: author.id,
        authorName: author.name,
        delivery: side === 'out' ? (event.seq <= visitorReadSeq ? 'read' : 'sent') : undefined,
      },
      { key: `${author.id}:${event.clientId}`, text: event.text, at: event.at },
    )
  }

  // An acknowledgement may reach the history before it leaves the outbox.
  const arrived = new Set(
    events
      .slice(-200)
      .map((event) => (event.type === 'message' || event.type === 'note' ? event.clientId : '')),
  )
  for (const entry of pending) {
    if (arrived.has(entry.clientId)) continue
    addBubble(
      {
        side: entry.kind === 'note' ? 'note' : 'out',
        authorId: me.id,
        authorName: me.name,
        delivery: entry.state,
      },
      {
        key: `${me.id}:${entry.clientId}`,
        text: entry.text,
        at: entry.createdAt,
        ...(entry.state === 'failed' && {
          failed: { clientId: entry.clientId, code: entry.code ?? 'internal' },
        }),
      },
    )
  }
  return items
}

/** What the line before or after says too: an offer that was accepted, a wait that follows from what happened. */
function findToldTwice(events: readonly TimelineEvent[]): ReadonlySet<string> {
  const told = new Set<string>()
  let before: SystemEvent | undefined
  for (const event of events) {
    if (event.type === 'message' || event.type === 'note') continue
    if (event.type === 'queued' && isClear.has(event.reason)) told.add(event.id)
    // Why it waits again says that the agent no longer has it.
    if (event.type === 'queued' && before?.type === 'unassigned') told.add(before.id)
    if (event.type === 'assigned' && before?.type === 'offered') {
      if (before.agent.id === event.agent.id) told.add(before.id)
    }
    before = event
  }
  return told
}

/** Reasons to wait that the line before tells. */
const isClear: ReadonlySet<string> = new Set(['new', 'declined', 'expired'])

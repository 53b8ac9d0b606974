import type { OutboxEntry } from '../../../shared/connection/types.ts'
import type { TimelineEvent } from '../../../shared/protocol/timeline-event.ts'

export type GroupState = 'sending' | 'sent' | 'read' | 'failed'

export interface Bubble {
  key: string
  text: string
}

/** What one person said within one minute. */
export interface Group {
  kind: 'group'
  key: string
  isMine: boolean
  authorId: string
  name: string | null
  bubbles: Bubble[]
  at: number
  /** Only where it tells something: on what is not sent yet, and on the last that was. */
  state?: GroupState
  /** What did not leave, with the reason. */
  failed?: OutboxEntry
}

export interface Line {
  kind: 'line'
  key: string
  what: 'joined' | 'ended' | 'reopened'
  name: string
}

export interface Day {
  kind: 'day'
  key: string
  at: number
}

export type Item = Group | Line | Day

interface Said {
  authorId: string
  isMine: boolean
  name: string | null
  clientId: string
  text: string
  at: number
}

const toDay = (at: number) => new Date(at).toDateString()
const toMinute = (at: number) => Math.floor(at / 60_000)

/** The conversation as it is shown: days, small lines, and bubbles grouped by author and minute. */
export function toItems(
  events: readonly TimelineEvent[],
  unsent: readonly OutboxEntry[],
  agentReadSeq: number,
): Item[] {
  const items: Item[] = []
  const known = new Set<string>()
  let day = ''
  let days = 0
  let agentId = ''
  let lastOwn: { group: Group; seq: number } | undefined

  function startDay(at: number) {
    if (toDay(at) === day) return
    day = toDay(at)
    items.push({ kind: 'day', key: `day ${++days}`, at })
  }

  function say({ authorId, isMine, name, clientId, text, at }: Said, state?: GroupState) {
    startDay(at)
    const last = items.at(-1)
    const bubble = { key: clientId, text }
    if (
      last?.kind === 'group' &&
      last.authorId === authorId &&
      last.state === state &&
      state !== 'failed' &&
      toMinute(last.at) === toMinute(at)
    ) {
      last.bubbles.push(bubble)
      return last
    }
    const group: Group = {
      kind: 'group',
      key: clientId,
      isMine,
      authorId,
      name,
      bubbles: [bubble],
      at,
    }
    if (state) group.state = state
    items.push(group)
    return group
  }

  function note(what: Line['what'], { id: key, at }: TimelineEvent, name = '') {
    startDay(at)
    items.push({ kind: 'line', key, what, name })
  }

  for (const event of events) {
    switch (event.type) {
      case 'message': {
        const { author, clientId, text, at, seq } = event
        const isMine = author.kind === 'visitor'
        // Both sides draw these ids: only one's own tells that the own message has arrived.
        if (isMine) known.add(clientId)
        const group = say({ authorId: author.id, isMine, name: author.name, clientId, text, at })
        if (isMine) lastOwn = { group, seq }
        break
      }
      case 'assigned':
        if (event.agent.id !== agentId) note('joined', event, event.agent.name)
        agentId = event.agent.id
        break
      case 'closed':
        note('ended', event)
        agentId = ''
        break
      case 'reopened':
        note('reopened', event)
        break
      default:
      // The rest of the history is not the visitor's.
    }
  }
  if (lastOwn) lastOwn.group.state = lastOwn.seq <= agentReadSeq ? 'read' : 'sent'

  for (const entry of unsent) {
    if (known.has(entry.clientId)) continue
    const { clientId, text, createdAt: at } = entry
    const group = say({ authorId: '', isMine: true, name: null, clientId, text, at }, entry.state)
    if (entry.state === 'failed') group.failed = entry
  }
  return items
}

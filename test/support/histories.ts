import fc from 'fast-check'

import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'

export type Audience = 'visitor' | 'agent'

const base = (conversationId: string, seq: number) => ({
  conversationId,
  id: `event-${conversationId}-${seq}`,
  seq,
  prev: seq - 1,
  at: 1_700_000_000_000 + seq,
})

const agent = { id: 'agent-dana', name: 'Dana' }

/** What may stand in a history: enough kinds to have some that only agents see. */
const makers: ((conversationId: string, seq: number) => TimelineEvent)[] = [
  (conversationId, seq) => ({
    ...base(conversationId, seq),
    type: 'message',
    author: { kind: 'visitor', id: 'visitor-1', name: null },
    clientId: `client-${seq}`,
    text: `Message ${seq}`,
  }),
  (conversationId, seq) => ({
    ...base(conversationId, seq),
    type: 'note',
    author: { kind: 'agent', ...agent },
    clientId: `client-${seq}`,
    text: `Note ${seq}`,
  }),
  (conversationId, seq) => ({ ...base(conversationId, seq), type: 'queued', reason: 'new' }),
  (conversationId, seq) => ({
    ...base(conversationId, seq),
    type: 'assigned',
    agent,
    how: 'accepted',
    waitedMs: 5,
  }),
]

const hidden: readonly string[] = ['note', 'queued']

/** The history as one audience gets it: `prev` names the event before it that this audience can see. */
export function asSeenBy(audience: Audience, history: readonly TimelineEvent[]): TimelineEvent[] {
  let prev = 0
  return history.flatMap((event) => {
    if (audience === 'visitor' && hidden.includes(event.type)) return []
    const seen = { ...event, prev }
    prev = event.seq
    return [seen]
  })
}

/** Whole histories, seq 1..n. */
export function histories(maxLength = 30, conversationId = 'conversation') {
  return fc
    .array(fc.constantFrom(...makers), { maxLength })
    .map((chosen) => chosen.map((make, index) => make(conversationId, index + 1)))
}

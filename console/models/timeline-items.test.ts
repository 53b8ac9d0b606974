import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { OutboxEntry } from '../../shared/connection/types.ts'
import {
  conversationId,
  dana,
  fromMe,
  fromVisitor,
  makeHistory,
  noteOfMine,
  startedAt,
} from '../../test/support/console-fixtures.ts'
import { toItems } from './timeline-items.ts'

type Events = Parameters<typeof makeHistory>[0]

const show = (events: Events, pending: OutboxEntry[] = [], visitorReadSeq = 0) =>
  toItems({ events: makeHistory(events), pending, me: dana, visitorReadSeq })

/** The items in a line each: what a person would see. */
const toLines = (items: ReturnType<typeof toItems>) =>
  items.map((item) => {
    if (item.kind === 'day') return 'day'
    if (item.kind === 'system') return item.event.type
    const texts = item.bubbles.map(({ text }) => text).join(' | ')
    return `${item.side}: ${texts}${item.delivery ? ` (${item.delivery})` : ''}`
  })

const entry = (more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientId: 'client-pending',
  conversationId,
  kind: 'message',
  text: 'On its way',
  createdAt: startedAt + 90_000,
  state: 'sending',
  ...more,
})
const asked = { id: dana.id, name: dana.name }

describe('the log', () => {
  test('groups what one author wrote in one minute', () => {
    const lines = toLines(
      show([
        fromVisitor('Hi'),
        fromVisitor('Order 48213'),
        fromVisitor('Later', startedAt + 70_000),
        fromMe('Hello', startedAt + 71_000),
      ]),
    )
    expect(lines).toEqual(['day', 'in: Hi | Order 48213', 'in: Later', 'out: Hello (sent)'])
  })

  test('says of my words how far they came', () => {
    const lines = toLines(
      show(
        [fromMe('Seen'), fromMe('Not seen yet', startedAt + 61_000)],
        [entry(), entry({ clientId: 'client-failed', state: 'failed', code: 'too-fast' })],
        1,
      ),
    )
    expect(lines).toEqual([
      'day',
      'out: Seen (read)',
      'out: Not seen yet (sent)',
      'out: On its way (sending)',
      'out: On its way (failed)',
    ])
  })

  test('shows what is acknowledged and still in the outbox once, under the same key', () => {
    const sent = { ...fromMe('On its way'), clientId: 'client-pending' }
    const before = show([], [entry()]).at(-1)
    const between = show([sent], [entry()])
    expect(toLines(between)).toEqual(['day', 'out: On its way (sent)'])
    const after = between.at(-1)
    expect(before?.kind === 'group' && before.bubbles[0]?.key).toBe(
      after?.kind === 'group' && after.bubbles[0]?.key,
    )
  })

  test('keeps notes apart from what the visitor sees', () => {
    expect(toLines(show([fromMe('To you'), noteOfMine('Among us')]))).toEqual([
      'day',
      'out: To you (sent)',
      'note: Among us',
    ])
  })

  test('draws a line between days, but not above the line that names the first', () => {
    const nextDay = startedAt + 24 * 3_600_000
    expect(
      toLines(
        show([{ type: 'created', page: null }, fromVisitor('Hi'), fromVisitor('Back', nextDay)]),
      ),
    ).toEqual(['created', 'in: Hi', 'day', 'in: Back'])
  })

  test('leaves out what the next line repeats: an offer that was accepted, a wait that is clear', () => {
    expect(
      toLines(
        show([
          { type: 'created', page: null },
          { type: 'queued', reason: 'new' },
          { type: 'offered', agent: { id: 'agent-juris', name: 'Juris' }, deadlineAt: 1 },
          { type: 'expired', agent: { id: 'agent-juris', name: 'Juris' } },
          { type: 'queued', reason: 'expired' },
          { type: 'offered', agent: asked, deadlineAt: 1 },
          fromVisitor('Anybody there?'),
          { type: 'assigned', agent: asked, how: 'accepted', waitedMs: 1 },
        ]),
      ),
    ).toEqual(['created', 'offered', 'expired', 'in: Anybody there?', 'assigned'])
  })
})

test('every message is shown once, in its order', () => {
  const message = fc.tuple(fc.boolean(), fc.nat(400_000)).map(([isMine, gap]) => ({ isMine, gap }))
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), fc.nat(40), (list, visitorReadSeq) => {
      let at = startedAt
      const events = list.map(({ isMine, gap }, index) => {
        at += gap
        return isMine ? fromMe(`${index}`, at) : fromVisitor(`${index}`, at)
      })
      const shown = show(events, [], visitorReadSeq).flatMap((item) =>
        item.kind === 'group' ? item.bubbles.map(({ text }) => text) : [],
      )
      expect(shown).toEqual(list.map((_, index) => `${index}`))
    }),
  )
})

test('keys never repeat', () => {
  const items = show([fromVisitor('a'), fromMe('b'), noteOfMine('c')], [entry()])
  const keys = items.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
})

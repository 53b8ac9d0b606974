import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { OutboxEntry } from '../../../shared/connection/types.ts'
import type { TimelineEvent } from '../../../shared/protocol/timeline-event.ts'
import { at, dana, makeMessage } from '../../../test/support/widget-fixtures.ts'
import { toItems, type Item } from './items.ts'

const minute = 60_000

function makeEntry(clientId: string, more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    clientId,
    conversationId: 'conversation-1',
    kind: 'message',
    text: clientId,
    createdAt: at,
    state: 'sending',
    ...more,
  }
}

/** The items in short: `mine[a,b]:sent`. */
const sketch = (items: Item[]) =>
  items.map((item) => {
    if (item.kind !== 'group')
      return item.kind === 'day' ? 'day' : `${item.what} ${item.name}`.trim()
    const words = item.bubbles.map(({ text }) => text).join()
    return `${item.isMine ? 'mine' : 'theirs'}[${words}]${item.state ? `:${item.state}` : ''}`
  })

describe('a conversation as it is shown', () => {
  test('what one person says within a minute is one group', () => {
    const events = [
      makeMessage(1, 'a', { isMine: true }),
      makeMessage(2, 'b', { isMine: true }),
      makeMessage(3, 'c'),
      makeMessage(4, 'd', { at: at + minute }),
    ]
    expect(sketch(toItems(events, [], 0))).toEqual([
      'day',
      'mine[a,b]:sent',
      'theirs[c]',
      'theirs[d]',
    ])
  })

  test('only the last own group tells that it was read', () => {
    const events = [
      makeMessage(1, 'a', { isMine: true }),
      makeMessage(2, 'b'),
      makeMessage(3, 'c', { isMine: true }),
    ]
    expect(sketch(toItems(events, [], 3))).toEqual(['day', 'mine[a]', 'theirs[b]', 'mine[c]:read'])
    expect(sketch(toItems(events, [], 2)).at(-1)).toBe('mine[c]:sent')
  })

  test('what is on its way stands below, and each failure by itself', () => {
    const unsent = [
      makeEntry('x'),
      makeEntry('y'),
      makeEntry('f', { state: 'failed', code: 'text-too-long' }),
      makeEntry('g', { state: 'failed' }),
    ]
    expect(sketch(toItems([makeMessage(1, 'a', { isMine: true })], unsent, 0))).toEqual([
      'day',
      'mine[a]:sent',
      'mine[x,y]:sending',
      'mine[f]:failed',
      'mine[g]:failed',
    ])
  })

  test('a message that has arrived is not also on its way', () => {
    const events = [makeMessage(1, 'a', { isMine: true, clientId: 'same' })]
    expect(sketch(toItems(events, [makeEntry('same')], 0))).toEqual(['day', 'mine[a]:sent'])
  })

  test('an agent who used the same id hides nothing of the visitor', () => {
    const events = [makeMessage(1, 'a', { clientId: 'same' })]
    expect(sketch(toItems(events, [makeEntry('same')], 0))).toEqual([
      'day',
      'theirs[a]',
      'mine[same]:sending',
    ])
  })

  test('a join is said once until somebody else comes or the chat ends', () => {
    const common = { conversationId: 'conversation-1', at }
    const joined = (seq: number): TimelineEvent => ({
      ...common,
      type: 'assigned',
      id: `e${seq}`,
      seq,
      prev: seq - 1,
      agent: dana,
      how: 'accepted',
      waitedMs: 0,
    })
    const ended: TimelineEvent = {
      ...common,
      type: 'closed',
      id: 'e9',
      seq: 3,
      prev: 2,
      by: 'agent',
      agent: dana,
    }
    expect(sketch(toItems([joined(1), joined(2), ended, joined(4)], [], 0))).toEqual([
      'day',
      'joined Dana',
      'ended',
      'joined Dana',
    ])
  })

  test('a new day is divided', () => {
    const events = [makeMessage(1, 'a'), makeMessage(2, 'b', { at: at + 24 * 60 * minute })]
    expect(sketch(toItems(events, [], 0))).toEqual(['day', 'theirs[a]', 'day', 'theirs[b]'])
  })

  test('no word is lost, whatever was said by whom and when', () => {
    const said = fc.record({ isMine: fc.boolean(), wait: fc.nat(5 * minute), text: fc.string() })
    fc.assert(
      fc.property(fc.array(said), fc.array(fc.string({ minLength: 1 })), (all, unsent) => {
        let now = at
        const events = all.map(({ isMine, wait, text }, index) =>
          makeMessage(index + 1, text, { isMine, at: (now += wait) }),
        )
        const entries = unsent.map((text, index) =>
          makeEntry(`out-${index}`, { text, createdAt: now }),
        )
        const shown = toItems(events, entries, 0).flatMap((item) =>
          item.kind === 'group' ? item.bubbles.map(({ text }) => text) : [],
        )
        expect(shown).toEqual([...all.map(({ text }) => text), ...unsent])
      }),
    )
  })

  test('keys are unique', () => {
    const events = [makeMessage(1, 'a'), makeMessage(2, 'b', { isMine: true }), makeMessage(3, 'c')]
    const keys = toItems(events, [makeEntry('x')], 0).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

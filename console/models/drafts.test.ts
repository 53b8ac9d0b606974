import { expect, test } from 'vitest'

import { createMemoryKeep } from '../../test/support/console-fixtures.ts'
import { createKeep } from '../surroundings/keep.ts'
import { createDrafts } from './drafts.ts'
import { createOutboxStorage } from './outbox-storage.ts'

test('a draft is there again after a reload, for the same agent only', () => {
  const keep = createMemoryKeep()
  createDrafts(keep, 'dana').write('conversation-1', 'reply', 'Half a sen')
  expect(createDrafts(keep, 'dana').read('conversation-1', 'reply')).toBe('Half a sen')
  expect(createDrafts(keep, 'dana').read('conversation-1', 'note')).toBe('')
  expect(createDrafts(keep, 'juris').read('conversation-1', 'reply')).toBe('')
})

test('an empty draft leaves nothing behind, and old ones make room', () => {
  const keep = createMemoryKeep()
  const drafts = createDrafts(keep, 'dana')
  drafts.write('conversation-1', 'reply', 'x')
  drafts.write('conversation-1', 'reply', '')
  expect(keep.names('draft')).toEqual([])
  for (let count = 0; count < 300; count++) drafts.write(`conversation-${count}`, 'note', 'x')
  expect(keep.names('draft').length).toBeLessThanOrEqual(201)
})

test('without storage a draft lasts as long as the page', () => {
  const denied = {
    get length(): number {
      throw new Error('denied')
    },
    key: () => null,
    getItem() {
      throw new Error('denied')
    },
    setItem() {
      throw new Error('denied')
    },
    removeItem() {
      throw new Error('denied')
    },
    clear() {},
  }
  for (const storage of [undefined, denied]) {
    const drafts = createDrafts(createKeep(storage), 'dana')
    drafts.write('conversation-1', 'reply', 'Kept')
    expect(drafts.read('conversation-1', 'reply')).toBe('Kept')
    drafts.write('conversation-1', 'reply', '')
    expect(drafts.read('conversation-1', 'reply')).toBe('')
  }
})

test('[D5] what waits in the outbox is there again after a reload, oldest first', () => {
  const keep = createMemoryKeep()
  const storage = createOutboxStorage(keep, 'dana')
  const common = { conversationId: 'conversation-1', kind: 'message', state: 'sending' } as const
  storage.put({ ...common, clientId: 'client-second', text: 'Second', createdAt: 2 })
  storage.put({ ...common, clientId: 'client-first', text: 'First', createdAt: 1 })
  const again = createOutboxStorage(keep, 'dana')
  expect(again.load().map(({ text }) => text)).toEqual(['First', 'Second'])
  expect(createOutboxStorage(keep, 'juris').load()).toEqual([])
  again.remove('client-first')
  expect(again.load()).toHaveLength(1)
})

test('what lies broken in storage is thrown away and stops nothing', () => {
  const keep = createMemoryKeep(
    new Map([
      ['outbox.dana.broken-1', '{"clientId":1}'],
      ['outbox.dana.broken-2', '{'],
    ]),
  )
  expect(createOutboxStorage(keep, 'dana').load()).toEqual([])
  expect(keep.names('outbox')).toEqual([])
})

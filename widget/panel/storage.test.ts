// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest'

import { openOutboxStorage } from './outbox-storage.ts'
import { openStorage } from './storage.ts'
import { getToken, newId } from './token.ts'

const prefix = 'parley:key:'

function deny(): Storage {
  throw new DOMException('The operation is insecure.', 'SecurityError')
}

/** One that can be looked at and does not store, as in some private windows or when it is full. */
const full = () =>
  ({
    getItem: () => null,
    removeItem: () => {},
    setItem() {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }) as unknown as Storage

beforeEach(() => localStorage.clear())

describe.for([
  ['granted', () => localStorage],
  ['denied', deny],
  ['full', full],
] as const)('with storage %s', ([, find]) => {
  test('what was kept is there until it is removed', () => {
    const kept = openStorage(prefix, find)
    kept.set('a', '1')
    kept.set('a', '2')
    kept.set('b:1', 'x')
    expect(kept.get('a')).toBe('2')
    expect(kept.keys('b:')).toEqual(['b:1'])
    kept.remove('a')
    expect(kept.get('a')).toBeUndefined()
    kept.clear()
    expect(kept.keys('')).toEqual([])
  })

  test('a message waits in the outbox, oldest first', () => {
    const kept = openStorage(prefix, find)
    const outbox = openOutboxStorage(kept)
    const entry = {
      conversationId: 'conversation-1',
      kind: 'message',
      text: 'hello',
      state: 'sending',
    } as const
    outbox.put({ ...entry, clientId: 'second', createdAt: 2 })
    outbox.put({ ...entry, clientId: 'first', createdAt: 1 })
    expect(outbox.load().map(({ clientId }) => clientId)).toEqual(['first', 'second'])
    outbox.remove('first')
    expect(outbox.load().map(({ clientId }) => clientId)).toEqual(['second'])
  })

  test('the token is drawn once and has the shape that the server takes', () => {
    const kept = openStorage(prefix, find)
    const token = getToken(kept)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(getToken(kept)).toBe(token)
  })
})

test("another site's and the page's own keys are left alone", () => {
  localStorage.setItem('parley:other:token', 'theirs')
  localStorage.setItem('cart', 'full')
  const kept = openStorage(prefix, () => localStorage)
  kept.set('token', 'mine')
  kept.clear()
  expect(kept.get('token')).toBeUndefined()
  expect(localStorage.getItem('parley:other:token')).toBe('theirs')
  expect(localStorage.getItem('cart')).toBe('full')
})

test('to open storage leaves nothing in it', () => {
  openStorage(prefix, () => localStorage)
  expect(localStorage.length).toBe(0)
})

test('what the page put in the place of an entry is passed over', () => {
  localStorage.setItem(`${prefix}out:a`, 'not json')
  localStorage.setItem(`${prefix}out:b`, '{"clientId":1}')
  localStorage.setItem(`${prefix}out:c`, 'null')
  expect(openOutboxStorage(openStorage(prefix, () => localStorage)).load()).toEqual([])
})

test('a broken token is replaced', () => {
  localStorage.setItem(`${prefix}token`, 'short')
  expect(getToken(openStorage(prefix, () => localStorage))).toMatch(/^[\w-]{43}$/)
})

test('ids have the shape that the server takes, and differ', () => {
  const ids = Array.from({ length: 50 }, newId)
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(new Set(ids).size).toBe(50)
})

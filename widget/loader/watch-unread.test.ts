// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { watchUnread } from './watch-unread.ts'

/** Requests that were made, each with a way to say more and to end. */
let asked: { signal: AbortSignal; say: (text: string) => void; end: () => void }[] = []
let counts: number[] = []
let stop = () => {}

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
const setHidden = (isHidden: boolean) => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden)
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  asked = []
  counts = []
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const encoder = new TextEncoder()
    asked.push({
      signal,
      say: (text) => void writer.write(encoder.encode(text)),
      end: () => void writer.close(),
    })
    return { ok: true, body: readable }
  })
  stop = watchUnread('https://chat.example.com/w/key/unread', 'token', (count) =>
    counts.push(count),
  )
})

afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('each line is a count, however the bytes are cut', async () => {
  await settle()
  asked[0]?.say('{"unread":1,"isOpen":true}\n{"unre')
  await settle()
  asked[0]?.say('ad":2,"isOpen":true}\n')
  await settle()
  expect(counts).toEqual([1, 2])
})

test('a hidden page listens to nothing, and asks again when it is seen', async () => {
  await settle()
  setHidden(true)
  expect(asked[0]?.signal.aborted).toBe(true)
  setHidden(false)
  await settle()
  expect(asked.length).toBe(2)
})

test('an answer that was cut off is asked for again after a while', async () => {
  await settle()
  asked[0]?.end()
  await settle()
  expect(asked.length).toBe(1)
  vi.advanceTimersByTime(30_000)
  await settle()
  expect(asked.length).toBe(2)
})

test('nobody asks again once the conversation has ended', async () => {
  await settle()
  asked[0]?.say('{"unread":1,"isOpen":false}\n')
  await settle()
  vi.advanceTimersByTime(120_000)
  setHidden(true)
  setHidden(false)
  await settle()
  expect(counts).toEqual([1])
  expect(asked.length).toBe(1)
})

test('who has stopped hears nothing more', async () => {
  await settle()
  stop()
  expect(asked[0]?.signal.aborted).toBe(true)
  vi.advanceTimersByTime(120_000)
  await settle()
  expect(asked.length).toBe(1)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createChance, createModelServer } from '../../test/support/model-server.ts'
import { createTestStorage, createTestVisitor } from '../../test/support/test-visitor.ts'
import type { TimelineEvent } from '../protocol/timeline-event.ts'
import { createOutbox } from './outbox.ts'
import { toRequestError } from './request-error.ts'
import type { Connection, LinkState, OutboxEntry } from './types.ts'

const conversationId = 'conversation-1'
const message = { conversationId, kind: 'message', text: 'Hello', start: {} } as const

/** A connection of which the test gives the answers. */
function createScript() {
  const asked: {
    command: { type: string; [field: string]: unknown }
    ok(event?: Partial<TimelineEvent>): void
    fail(code: string, isRetryable?: boolean, retryAfterMs?: number): void
  }[] = []
  let state: LinkState = { kind: 'online' }
  const listeners = new Set<(state: LinkState) => void>()

  const connection: Pick<Connection<unknown, unknown>, 'state' | 'request' | 'onState'> = {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    request: (command) =>
      new Promise((resolve, reject) => {
        asked.push({
          command,
          ok: () => resolve({ event: toEvent(command) } as never),
          fail: (code, isRetryable = false, retryAfterMs) =>
            reject(toRequestError({ code, message: code, isRetryable, retryAfterMs })),
        })
      }),
  }
  return {
    connection,
    asked,
    get last() {
      const last = asked.at(-1)
      if (!last) throw new Error('Nothing was asked.')
      return last
    },
    become(kind: 'online' | 'waiting') {
      state = kind === 'online' ? { kind } : { kind, retryAt: 0 }
      for (const listener of listeners) listener(state)
    },
  }
}

function toEvent({ conversationId: id, clientId, text }: { [field: string]: unknown }) {
  return {
    type: 'message',
    conversationId: id,
    id: 'event-00001',
    seq: 1,
    prev: 0,
    at: 1,
    author: { kind: 'visitor', id: 'visitor-1', name: null },
    clientId,
    text,
  }
}

function setUp({
  storage = createTestStorage(),
  script = createScript(),
  prefix = 'client',
}: {
  storage?: ReturnType<typeof createTestStorage>
  script?: ReturnType<typeof createScript>
  prefix?: string
} = {}) {
  const timers = createFakeTimers()
  let ids = 0
  const outbox = createOutbox({
    connection: script.connection,
    storage,
    newId: () => `${prefix}-${++ids}`,
    timers,
  })
  return { outbox, script, storage, timers }
}

const texts = (entries: readonly OutboxEntry[]) => entries.map(({ text }) => text)

describe('sending', () => {
  test('[6.1] a message is in the storage before it is on the wire, and shown as sending', () => {
    const { outbox, script, storage } = setUp()
    const entry = outbox.add(message)
    expect(storage.load()).toEqual([entry])
    expect(entry).toMatchObject({ clientId: 'client-1', state: 'sending', createdAt: 1_000_000 })
    expect(script.last.command).toEqual({
      type: 'message.send',
      conversationId,
      clientId: 'client-1',
      text: 'Hello',
      start: {},
    })
  })

  test('[6.2] the acknowledgement removes it everywhere and tells the event', async () => {
    const { outbox, script, storage, timers } = setUp()
    const sent: unknown[] = []
    outbox.onSent((entry, event) => void sent.push([entry.clientId, event.seq, storage.size]))
    outbox.add(message)
    script.last.ok()
    await timers.settle()
    expect(outbox.entries).toEqual([])
    expect(sent).toEqual([['client-1', 1, 0]])
  })

  test('[6.3] a storage that sorts by time keeps the order, even of one moment or of a clock that goes back', () => {
    const { outbox, timers } = setUp()
    const { now } = timers
    const times = [0, 0, -5_000, 10].map((change) => {
      timers.now = () => now() + change
      return outbox.add(message).createdAt
    })
    expect([...new Set(times)].sort((a, b) => a - b)).toEqual(times)
  })

  test('[6.2] an acknowledged message stays on the screen until its conversation shows it, and is sent no more', async () => {
    const { outbox, script, storage, timers } = setUp()
    const shows: (() => void)[] = []
    outbox.onSent(() => (call) => void shows.push(call))
    outbox.onSent(() => {})
    outbox.add({ ...message, text: '1' })
    outbox.add({ ...message, text: '2' })
    script.last.ok()
    await timers.settle()
    expect(texts(outbox.entries)).toEqual(['1', '2'])
    expect(storage.size).toBe(1)
    outbox.reload()
    script.become('waiting')
    script.become('online')
    expect(texts(outbox.entries)).toEqual(['1', '2'])
    expect(script.asked.map(({ command }) => command['text'])).toEqual(['1', '2'])
    shows[0]?.()
    expect(texts(outbox.entries)).toEqual(['2'])
  })

  test('a note goes as a note', () => {
    const { outbox, script } = setUp()
    outbox.add({ conversationId, kind: 'note', text: 'Psst' })
    expect(script.last.command).toEqual({
      type: 'note.send',
      conversationId,
      clientId: 'client-1',
      text: 'Psst',
    })
  })

  test('[6.3] one message of a conversation is on its way at a time, conversations do not wait for each other', async () => {
    const { outbox, script, timers } = setUp()
    outbox.add({ ...message, text: '1' })
    outbox.add({ ...message, text: '2' })
    outbox.add({ ...message, text: 'A', conversationId: 'conversation-2' })
    expect(script.asked.map(({ command }) => command['text'])).toEqual(['1', 'A'])
    script.asked[0]?.ok()
    await timers.settle()
    expect(script.asked.map(({ command }) => command['text'])).toEqual(['1', 'A', '2'])
  })

  test('[6.4] every message of a conversation that may not exist yet can bring it into being', async () => {
    const { outbox, script, timers } = setUp()
    outbox.add({ ...message, start: { language: 'lv' } })
    outbox.add({ conversationId, kind: 'message', text: '2' })
    script.last.fail('text-too-long')
    await timers.settle()
    expect(script.last.command).toMatchObject({ text: '2', start: { language: 'lv' } })
  })

  test('without a link it waits, and goes with the next one', async () => {
    const { outbox, script, timers } = setUp()
    script.become('waiting')
    outbox.add(message)
    expect(script.asked).toEqual([])
    script.become('online')
    expect(script.asked).toHaveLength(1)
    script.become('waiting')
    script.last.fail('disconnected', true)
    await timers.settle()
    expect(texts(outbox.entries)).toEqual(['Hello'])
    script.become('online')
    expect(script.asked.map(({ command }) => command['clientId'])).toEqual(['client-1', 'client-1'])
  })

  test('[6.1] a new page sends what the last one left', () => {
    const { outbox, storage } = setUp()
    outbox.add(message)
    outbox.stop()
    const next = setUp({ storage })
    expect(next.outbox.entries).toHaveLength(1)
    expect(next.script.last.command).toMatchObject({ clientId: 'client-1' })
  })
})

describe('failing', () => {
  test('[6.5] what can pass is tried again, later each time, and is still sending', async () => {
    const { outbox, script, timers } = setUp()
    outbox.add(message)
    for (const code of ['too-fast', 'draining', 'unavailable', 'internal']) {
      script.last.fail(code, true, 2_000)
      await timers.settle()
      expect(outbox.entries[0]?.state).toBe('sending')
      const before = script.asked.length
      await timers.advance(2_000)
      expect(script.asked).toHaveLength(before)
      await timers.advance(15_000)
      expect(script.asked).toHaveLength(before + 1)
    }
  })

  test('[6.5] what waits for another try holds back what comes after it', async () => {
    const { outbox, script, timers } = setUp()
    outbox.add({ ...message, text: '1' })
    outbox.add({ ...message, text: '2' })
    script.last.fail('too-fast', true, 1_000)
    await timers.advance(500)
    expect(script.asked).toHaveLength(1)
  })

  test('[6.5] a message on which the server breaks five times in a row has failed', async () => {
    const { outbox, script, timers } = setUp()
    outbox.add(message)
    for (let i = 0; i < 5; i++) {
      expect(outbox.entries[0]?.state).toBe('sending')
      script.last.fail('internal', true)
      await timers.advance(31_000)
    }
    expect(outbox.entries[0]).toMatchObject({ state: 'failed', code: 'internal' })
    expect(script.asked).toHaveLength(5)
  })

  test('[6.6] a refusal is shown, kept over a reload, and does not hold back the next', async () => {
    const { outbox, script, storage, timers } = setUp()
    outbox.add({ ...message, text: '1' })
    outbox.add({ ...message, text: '2' })
    script.last.fail('conversation-closed')
    await timers.settle()
    expect(outbox.entries[0]).toMatchObject({ state: 'failed', code: 'conversation-closed' })
    expect(storage.load()[0]).toMatchObject({ state: 'failed', code: 'conversation-closed' })
    expect(script.last.command).toMatchObject({ text: '2' })
    script.last.ok()
    await timers.settle()
    expect(texts(outbox.entries)).toEqual(['1'])
  })

  test('[6.7] trying again keeps the clientId', async () => {
    const { outbox, script, timers } = setUp()
    outbox.add(message)
    script.last.fail('conversation-closed')
    await timers.settle()
    outbox.retry('client-1')
    expect(outbox.entries[0]).toEqual(expect.not.objectContaining({ code: expect.anything() }))
    expect(script.last.command).toMatchObject({ clientId: 'client-1' })
    script.last.ok()
    await timers.settle()
    expect(outbox.entries).toEqual([])
  })

  test('[6.7] a clientId that belongs to another message fails, and trying again draws a new one', async () => {
    const { outbox, script, storage, timers } = setUp()
    outbox.add(message)
    script.last.fail('client-id-reused')
    await timers.settle()
    outbox.retry('client-1')
    expect(script.last.command).toMatchObject({ clientId: 'client-2', text: 'Hello' })
    expect(storage.load().map(({ clientId }) => clientId)).toEqual(['client-2'])
  })

  test('a failed message can be thrown away', async () => {
    const { outbox, script, storage, timers } = setUp()
    outbox.add(message)
    script.last.fail('conversation-closed')
    await timers.settle()
    outbox.discard('client-1')
    expect([outbox.entries, storage.size]).toEqual([[], 0])
  })
})

describe('two tabs', () => {
  test('[6.8] what another tab wrote is shown, and is left to that tab first', async () => {
    const storage = createTestStorage()
    const here = setUp({ storage })
    const there = setUp({ storage, prefix: 'other' })
    here.outbox.add(message)
    there.outbox.reload()
    expect(texts(there.outbox.entries)).toEqual(['Hello'])
    expect(there.script.asked).toEqual([])

    here.script.last.ok()
    await here.timers.settle()
    there.outbox.reload()
    expect(there.outbox.entries).toEqual([])
    await there.timers.advance(60_000)
    expect(there.script.asked).toEqual([])
  })

  test('[6.8] what a closed tab left is sent by the one that is still there', async () => {
    const storage = createTestStorage()
    const here = setUp({ storage })
    const there = setUp({ storage, prefix: 'other' })
    here.outbox.add(message)
    there.outbox.reload()
    here.outbox.stop()
    await there.timers.advance(4_000)
    expect(there.script.last.command).toMatchObject({ clientId: 'client-1' })
  })

  test('what waits for another tab is followed at once when it is through', async () => {
    const storage = createTestStorage()
    const here = setUp({ storage })
    const there = setUp({ storage, prefix: 'other' })
    here.outbox.add({ ...message, text: 'theirs' })
    there.outbox.reload()
    there.outbox.add({ ...message, text: 'mine' })
    expect(there.script.asked).toEqual([])
    storage.remove('client-1')
    there.outbox.reload()
    expect(there.script.last.command).toMatchObject({ text: 'mine' })
  })
})

const faults = fc.record({
  cutBefore: fc.double({ min: 0, max: 0.3, noNaN: true }),
  cutAfter: fc.double({ min: 0, max: 0.3, noNaN: true }),
  refuse: fc.double({ min: 0, max: 0.3, noNaN: true }),
})
const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), conversation: fc.nat(1), tab: fc.nat(1) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(3_000) }),
  fc.record({ do: fc.constant('reload' as const), tab: fc.nat(1) }),
  fc.record({ do: fc.constant('tell' as const), tab: fc.nat(1) }),
  fc.record({ do: fc.constant('cut' as const) }),
)

test.for([1, 2])(
  '[6.9] with links cut before and after the commit, and pages reloaded, everything is stored once and in order (%s tabs)',
  (tabs) =>
    fc.assert(
      fc.asyncProperty(
        fc.integer(),
        faults,
        fc.array(step, { maxLength: 40 }),
        async (seed, chosen, steps) => {
          const chance = createChance(seed)
          const timers = createFakeTimers({ random: chance })
          const server = createModelServer({ timers, chance })
          Object.assign(server.faults, chosen)
          const storage = createTestStorage()
          let ids = 0

          const openPage = () => {
            const connection = createTestVisitor(server.openSocket, timers)
            const outbox = createOutbox({
              connection,
              storage,
              newId: () => `client-${(++ids).toString().padStart(6, '0')}`,
              timers,
            })
            connection.start()
            return { connection, outbox }
          }
          const pages = Array.from({ length: tabs }, openPage)
          const written = new Map<string, string[]>()

          for (const now of steps) {
            if (now.do === 'wait') await timers.advance(now.ms)
            else if (now.do === 'cut') server.cut()
            else {
              const tab = now.tab % tabs
              const page = pages[tab]
              if (!page) continue
              if (now.do === 'tell') page.outbox.reload()
              else if (now.do === 'reload') {
                page.outbox.stop()
                page.connection.stop()
                pages[tab] = openPage()
              } else {
                const id = `conversation-${now.conversation}`
                const entry = page.outbox.add({ ...message, conversationId: id, text: `${ids}` })
                const key = `${id} of tab ${tab}`
                written.set(key, [...(written.get(key) ?? []), entry.clientId])
              }
            }
          }
          Object.assign(server.faults, { cutBefore: 0, cutAfter: 0, refuse: 0 })
          await timers.advance(180_000)
          for (const { outbox } of pages) outbox.reload()

          expect(storage.size).toBe(0)
          for (const { outbox } of pages) expect(outbox.entries).toEqual([])
          const stored = [...server.histories].map(([id, history]) => ({
            id,
            clientIds: history.flatMap((event) =>
              event.type === 'message' ? [event.clientId] : [],
            ),
          }))
          expect(stored.flatMap(({ clientIds }) => clientIds).sort()).toEqual(
            [...written.values()].flat().sort(),
          )
          for (const [key, clientIds] of written) {
            const all = stored.find(({ id }) => key.startsWith(`${id} `))?.clientIds ?? []
            expect(all.filter((id) => clientIds.includes(id))).toEqual(clientIds)
          }
        },
      ),
      { numRuns: 60 },
    ),
)

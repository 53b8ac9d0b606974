import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createChance, createModelServer } from '../../test/support/model-server.ts'
import { createTestVisitor } from '../../test/support/test-visitor.ts'
import { createTestWire } from '../../test/support/test-wire.ts'
import { decodeEvent } from '../protocol/decode-event.ts'
import { createSync } from './sync.ts'
import type { Feed } from './types.ts'

const id = 'conversation-1'

function setUp({ seed }: { seed?: number } = {}) {
  const chance = seed === undefined ? () => 0.999_999 : createChance(seed)
  const timers = createFakeTimers({ random: chance })
  const server = createModelServer({ timers, chance })
  const connection = createTestVisitor(server.openSocket, timers)
  const sync = createSync({ connection, decodeEvent, timers })
  const resumes = () =>
    server.heard.flatMap((command) =>
      command.type === 'conversation.resume' ? [command['after']] : [],
    )
  return { timers, server, connection, sync, resumes }
}

async function setUpOnline(messages = 0) {
  const parts = setUp()
  for (let i = 1; i <= messages; i++) parts.server.post(id, `Message ${i}`)
  parts.connection.start()
  await parts.timers.advance(200)
  return parts
}

const texts = (feed: Feed) =>
  feed.events.map((event) => (event.type === 'message' ? event.text : event.type))

describe('opening', () => {
  test('[7.1] a feed is read page by page and is loaded with the last one', async () => {
    const { sync, server, timers, resumes } = await setUpOnline(8)
    const feed = sync.open(id)
    const seen: [number, boolean][] = []
    feed.onChange(() => seen.push([feed.events.length, feed.isLoaded]))
    expect([feed.events, feed.isLoaded]).toEqual([[], false])
    await timers.advance(1_000)
    expect(feed.events).toEqual(server.seenBy(id))
    expect(seen).toEqual([
      [3, false],
      [6, false],
      [8, true],
    ])
    expect(resumes()).toEqual([0, 3, 6])
  })

  test('a feed that is opened without a link is read when there is one', async () => {
    const { sync, connection, server, timers } = setUp()
    server.post(id, 'Hello')
    const feed = sync.open(id)
    expect(feed.isLoaded).toBe(false)
    connection.start()
    await timers.advance(500)
    expect(texts(feed)).toEqual(['Hello'])
  })

  test('[7.2] a conversation that is not there yet is empty and loaded, and fills with its first event', async () => {
    const { sync, connection, timers } = await setUpOnline()
    const feed = sync.open(id)
    await timers.advance(500)
    expect([feed.isLoaded, feed.events, feed.failure]).toEqual([true, [], undefined])

    const asked = connection.request<{ event: Parameters<typeof sync.accept>[0] }>({
      type: 'message.send',
      conversationId: id,
      clientId: 'client-00001',
      text: 'First',
      start: {},
    })
    void asked.then(({ event }) => sync.accept(event))
    await timers.advance(500)
    expect(texts(feed)).toEqual(['created', 'First'])
  })

  test('two feeds of one conversation are both complete, and one may close', async () => {
    const { sync, server, timers } = await setUpOnline(1)
    const [one, two] = [sync.open(id), sync.open(id)]
    await timers.advance(500)
    one.close()
    one.close()
    server.post(id, 'Next')
    await timers.advance(500)
    expect(texts(two)).toEqual(['Message 1', 'Next'])
    expect(texts(one)).toEqual(['Message 1'])
  })

  test('[7.6] what one feed reads, the server does not push to the other: it is told here', async () => {
    const { sync, server, timers } = await setUpOnline(1)
    const one = sync.open(id)
    await timers.advance(500)
    const two = sync.open(id)
    // Committed, read by the resume of the second feed, and only then about to be pushed.
    server.post(id, 'In between')
    await timers.advance(500)
    expect(texts(two)).toEqual(['Message 1', 'In between'])
    expect(texts(one)).toEqual(['Message 1', 'In between'])
  })

  test('a closed feed asks for nothing and changes no more', async () => {
    const { sync, timers, resumes } = await setUpOnline(8)
    const feed = sync.open(id)
    await timers.advance(80)
    feed.close()
    const before = feed.events
    await timers.advance(5_000)
    expect(feed.events).toBe(before)
    expect(resumes().length).toBeLessThan(3)
  })
})

describe('staying complete', () => {
  test('[5.4] a lost push is noticed with the next one, and fetched with one resume', async () => {
    const { sync, server, timers, resumes } = await setUpOnline(1)
    const feed = sync.open(id)
    await timers.advance(500)
    server.faults.losePush = 1
    server.post(id, 'Lost')
    await timers.advance(100)
    server.faults.losePush = 0
    for (const text of ['a', 'b', 'c']) server.post(id, text)
    await timers.advance(500)
    expect(texts(feed)).toEqual(['Message 1', 'Lost', 'a', 'b', 'c'])
    expect(resumes()).toEqual([0, 1, 5])
  })

  test('[7.1] after a lost link every open feed goes on from where it was', async () => {
    const { sync, server, timers, resumes } = await setUpOnline(2)
    const feed = sync.open(id)
    await timers.advance(500)
    server.cut()
    server.post(id, 'Missed')
    await timers.advance(2_000)
    expect(texts(feed)).toEqual(['Message 1', 'Message 2', 'Missed'])
    expect(resumes()).toEqual([0, 2])
  })

  test('[7.3] resync reads everything anew, and shows what was there until it is read', async () => {
    const { sync, server, timers, resumes } = await setUpOnline(4)
    const feed = sync.open(id)
    await timers.advance(500)
    server.push({ type: 'resync', conversationId: id })
    const lengths: number[] = []
    feed.onChange(() => lengths.push(feed.events.length))
    await timers.advance(500)
    expect(feed.events).toEqual(server.seenBy(id))
    expect(lengths.every((length) => length === 4)).toBe(true)
    expect(resumes()).toEqual([0, 3, 0, 3])
  })

  test('[7.3] after a resync only what the server has is there', async () => {
    const { sync, server, timers } = await setUpOnline(4)
    const feed = sync.open(id)
    await timers.advance(500)
    server.histories.get(id)?.splice(2)
    server.push({ type: 'resync', conversationId: id })
    await timers.advance(500)
    expect(texts(feed)).toEqual(['Message 1', 'Message 2'])
    server.post(id, 'Other')
    await timers.advance(500)
    expect(texts(feed)).toEqual(['Message 1', 'Message 2', 'Other'])
  })

  test('[11.2] an event of a type from the future takes its place and is not shown', async () => {
    const { sync, server, timers } = await setUpOnline(1)
    const feed = sync.open(id)
    await timers.advance(500)
    const history = server.histories.get(id)
    const last = history?.[0]
    history?.push({ ...last, id: 'event-future', seq: 2, type: 'hologram' } as never)
    server.post(id, 'After')
    await timers.advance(500)
    expect(texts(feed)).toEqual(['Message 1', 'After'])
    server.cut()
    await timers.advance(2_000)
    server.post(id, 'Later')
    await timers.advance(2_000)
    expect(texts(feed)).toEqual(['Message 1', 'After', 'Later'])
  })

  test('a gap of which the server knows nothing is given up, not asked for again and again', async () => {
    const { sync, server, timers, resumes } = await setUpOnline(1)
    const feed = sync.open(id)
    await timers.advance(500)
    const [event] = server.seenBy(id)
    server.push({ type: 'event', event: { ...event, id: 'event-strange', seq: 900, prev: 899 } })
    await timers.advance(60_000)
    expect(resumes().length).toBeLessThan(5)
    const asked = resumes().length
    server.post(id, 'Next')
    await timers.advance(500)
    expect(texts(feed)).toEqual(['Message 1', 'Next'])
    expect(resumes()).toHaveLength(asked)
  })

  test('[5.4] what a push tells of during a resume is asked for when that does not bring it', async () => {
    const { timers, server } = setUp()
    const wire = createTestWire()
    const connection = createTestVisitor(wire.openSocket, timers)
    const feed = createSync({ connection, decodeEvent, timers }).open(id)
    for (let i = 1; i <= 5; i++) server.post(id, `Message ${i}`)
    const events = server.seenBy(id)
    connection.start()
    await timers.settle()
    wire.link.open()
    wire.link.receive(server.welcome())
    const resumes = () => wire.link.sent.filter(({ type }) => type === 'conversation.resume')
    const answer = async (some: typeof events) => {
      wire.link.receive({
        type: 'ok',
        ref: resumes().at(-1)?.ref,
        result: { events: some, hasMore: false, visitorReadSeq: 0, agentReadSeq: 0 },
      })
      await timers.settle()
    }
    wire.link.receive({ type: 'event', event: events[4] })
    await answer(events.slice(0, 3))
    expect(feed.events).toHaveLength(3)
    expect(resumes().map((command) => command['after'])).toEqual([0, 3])
    await answer(events.slice(3, 4))
    expect(feed.events).toEqual(events)
    expect(resumes()).toHaveLength(2)
  })

  test('a resume that the server cannot answer now is tried again, later each time', async () => {
    const { sync, server, timers, resumes } = await setUpOnline(1)
    server.faults.refuse = 1
    const feed = sync.open(id)
    await timers.advance(20_000)
    const tries = resumes().length
    expect(tries).toBeGreaterThan(2)
    expect(tries).toBeLessThan(10)
    server.post(id, 'Pushed meanwhile')
    await timers.advance(100)
    expect(resumes()).toHaveLength(tries)
    server.faults.refuse = 0
    await timers.advance(40_000)
    expect(texts(feed)).toEqual(['Message 1', 'Pushed meanwhile'])
  })

  test('a refusal is told, and asked about again with the next link', async () => {
    const { sync, connection, server, timers } = await setUpOnline(2)
    const feed = sync.open(id)
    await timers.advance(500)
    server.histories.delete(id)
    server.cut()
    await timers.advance(2_000)
    expect(connection.state.kind).toBe('online')
    expect(feed.failure).toMatchObject({ code: 'not-found' })
  })
})

describe('what was accepted', () => {
  test('is shown at once where nothing is missing, and where nobody shows the conversation', async () => {
    const { sync, server, timers } = await setUpOnline(1)
    let calls = 0
    const [event] = server.seenBy(id)
    if (!event) throw new Error('unreachable')
    sync.accept(event)(() => calls++)
    const feed = sync.open(id)
    await timers.advance(500)
    sync.accept({ ...event, id: 'event-2', seq: 2, prev: 1 })(() => calls++)
    expect([calls, feed.events.length]).toEqual([2, 2])
  })

  test.for(['resume', 'close'] as const)('is shown after what is missing (%s)', async (how) => {
    const { sync, server, timers } = await setUpOnline(3)
    const feed = sync.open(id)
    const event = server.seenBy(id).at(-1)
    if (!event) throw new Error('unreachable')
    const seen: number[] = []
    sync.accept(event)(() => seen.push(feed.events.length))
    expect(seen).toEqual([])
    if (how === 'close') feed.close()
    await timers.advance(500)
    expect(seen).toEqual([how === 'close' ? 0 : 3])
  })
})

describe('read cursors', () => {
  test('[7.4] only ever move on, by push and by resume', async () => {
    const { sync, server, timers } = await setUpOnline(3)
    server.read(id, 'agent', 2)
    const feed = sync.open(id)
    await timers.advance(500)
    expect([feed.visitorReadSeq, feed.agentReadSeq]).toEqual([0, 2])
    server.push({ type: 'read', conversationId: id, by: 'agent', seq: 1 })
    server.push({ type: 'read', conversationId: id, by: 'visitor', seq: 3 })
    await timers.advance(500)
    expect([feed.visitorReadSeq, feed.agentReadSeq]).toEqual([3, 2])
  })
})

test('stop closes every feed', async () => {
  const { sync, server, timers, resumes } = await setUpOnline(1)
  const feed = sync.open(id)
  await timers.advance(500)
  sync.stop()
  server.post(id, 'Late')
  server.cut()
  await timers.advance(5_000)
  expect(texts(feed)).toEqual(['Message 1'])
  expect(resumes()).toEqual([0])
})

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('post' as const), to: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(2_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resync' as const), to: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), seq: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('send' as const), to: fc.nat(1) }) },
)

test('[7.5] lost, repeated and late pushes, cut links, resyncs: what is shown is always a beginning of the history, and ends as all of it', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(step, { maxLength: 40 }),
      fc.record({
        cutBefore: fc.double({ min: 0, max: 0.2, noNaN: true }),
        cutAfter: fc.double({ min: 0, max: 0.2, noNaN: true }),
        refuse: fc.double({ min: 0, max: 0.3, noNaN: true }),
        losePush: fc.double({ min: 0, max: 0.5, noNaN: true }),
        repeatPush: fc.double({ min: 0, max: 0.5, noNaN: true }),
        delayPush: fc.double({ min: 0, max: 0.7, noNaN: true }),
      }),
      async (seed, steps, faults) => {
        const { timers, server, connection, sync } = setUp({ seed })
        const ids = ['conversation-0', 'conversation-1']
        const feeds = [...ids, ...ids].map((conversationId) => sync.open(conversationId))
        for (const feed of feeds) {
          feed.onChange(() => {
            const history = server.seenBy(feed.conversationId)
            expect(feed.events).toEqual(history.slice(0, feed.events.length))
          })
        }
        Object.assign(server.faults, faults)
        connection.start()

        let clientIds = 0
        for (const now of steps) {
          if (now.do === 'wait') await timers.advance(now.ms)
          else if (now.do === 'cut') server.cut()
          else if (now.do === 'read') server.read('conversation-0', 'agent', now.seq)
          else {
            const conversationId = ids[now.to]
            if (!conversationId) continue
            if (now.do === 'post') server.post(conversationId, 'Hello')
            else if (now.do === 'resync') server.push({ type: 'resync', conversationId })
            else
              connection
                .request<{ event: Parameters<typeof sync.accept>[0] }>({
                  type: 'message.send',
                  conversationId,
                  clientId: `client-${(++clientIds).toString().padStart(5, '0')}`,
                  text: 'Mine',
                  start: {},
                })
                .then(({ event }) => sync.accept(event))
                .catch(() => {})
          }
        }
        for (const fault of Object.keys(faults)) Object.assign(server.faults, { [fault]: 0 })
        await timers.advance(100_000)
        for (const conversationId of ids) server.post(conversationId, 'The last one')
        await timers.advance(60_000)

        for (const feed of feeds) {
          expect(feed.isLoaded).toBe(true)
          expect(feed.events).toEqual(server.seenBy(feed.conversationId))
        }
      },
    ),
    { numRuns: 100 },
  ))

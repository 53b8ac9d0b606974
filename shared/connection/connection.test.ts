import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createTestWire } from '../../test/support/test-wire.ts'
import { answerSchemas, makeDecoder } from '../protocol/codec.ts'
import { visitorPushSchemas, type VisitorPush, type VisitorWelcome } from '../protocol/events.ts'
import { createConnection, movedCode } from './connection.ts'
import { toRequestError } from './request-error.ts'

const welcome = {
  type: 'welcome',
  version: 1,
  serverTime: 1,
  site: { name: 'Shop', isTypingPreviewOn: false },
  visitor: { name: null, hasEmail: false },
  team: { isAvailable: true, faces: [], usualAnswerMs: null },
  conversations: [],
}

function setUp({
  hello = () => ({ type: 'hello' }),
  random,
}: { hello?: () => object | Promise<object>; random?: () => number } = {}) {
  const timers = createFakeTimers(random ? { random } : {})
  const wire = createTestWire()
  const connection = createConnection<VisitorWelcome, VisitorPush>({
    openSocket: wire.openSocket,
    hello,
    decodePush: makeDecoder({ ...visitorPushSchemas, ...answerSchemas }),
    timers,
  })
  const states: string[] = []
  connection.onState((state) => states.push(state.kind))

  /** Brings the newest link online. */
  const greet = async () => {
    await timers.settle()
    wire.link.open()
    wire.link.receive(welcome)
  }
  const goOnline = () => {
    connection.start()
    return greet()
  }
  return { connection, timers, wire, states, greet, goOnline }
}

describe('a link', () => {
  test('[2.1] says hello when the socket opens and is online when it is welcomed', async () => {
    const { connection, wire, timers, states } = setUp()
    const welcomes: VisitorWelcome[] = []
    connection.onWelcome((value) => welcomes.push(value))
    expect(connection.state).toEqual({ kind: 'idle' })

    connection.start()
    await timers.settle()
    expect(wire.link.sent).toEqual([])
    wire.link.open()
    expect(wire.link.sent).toEqual([{ type: 'hello' }])
    expect(connection.state).toEqual({ kind: 'connecting' })
    wire.link.receive(welcome)

    expect(states).toEqual(['connecting', 'online'])
    expect(welcomes).toEqual([welcome])
  })

  test('a second start changes nothing', async () => {
    const { connection, wire, goOnline } = setUp()
    connection.start()
    await goOnline()
    connection.start()
    expect(wire.links).toHaveLength(1)
  })

  test('[2.2] hello is asked anew for each attempt', async () => {
    let tickets = 0
    const { connection, wire, timers } = setUp({
      hello: () => Promise.resolve({ type: 'hello', ticket: ++tickets }),
    })
    connection.start()
    await timers.settle()
    wire.link.open()
    wire.link.drop()
    await timers.advance(1_000)
    wire.link.open()
    expect(wire.links.map((link) => link.sent)).toEqual([
      [{ type: 'hello', ticket: 1 }],
      [{ type: 'hello', ticket: 2 }],
    ])
  })

  test('[2.3] an attempt that is not welcomed in 15 s has failed', async () => {
    const { connection, wire, timers } = setUp()
    connection.start()
    await timers.settle()
    wire.link.open()
    await timers.advance(15_000)
    expect(connection.state.kind).toBe('waiting')
    expect(wire.link.isClosed).toBe(true)
  })

  test('[2.3] a hello that never comes is a failed attempt too', async () => {
    const { connection, wire, timers } = setUp({ hello: () => new Promise(() => {}) })
    connection.start()
    await timers.advance(15_000)
    expect(connection.state.kind).toBe('waiting')
    expect(wire.links).toHaveLength(0)
  })

  test('[2.4] a hello that is refused with signed-out refuses the link', async () => {
    const { connection, timers } = setUp({
      hello: () =>
        Promise.reject(
          toRequestError({ code: 'signed-out', message: 'Sign in.', isRetryable: false }),
        ),
    })
    connection.start()
    await timers.advance(60_000)
    expect(connection.state).toEqual({
      kind: 'refused',
      code: 'signed-out',
      message: 'Sign in.',
    })
  })

  test('[2.4] a hello that fails in another way is tried again', async () => {
    let tries = 0
    const { connection, wire, timers } = setUp({
      hello: () => {
        if (++tries < 3) throw new TypeError('Failed to fetch')
        return { type: 'hello' }
      },
    })
    connection.start()
    await timers.advance(10_000)
    expect(tries).toBe(3)
    expect(wire.links).toHaveLength(1)
  })

  test('a socket that cannot be opened is a failed attempt', async () => {
    const timers = createFakeTimers()
    const connection = createConnection<VisitorWelcome, VisitorPush>({
      openSocket: () => {
        throw new Error('blocked')
      },
      hello: () => ({}),
      decodePush: makeDecoder({ ...visitorPushSchemas, ...answerSchemas }),
      timers,
    })
    connection.start()
    await timers.settle()
    expect(connection.state.kind).toBe('waiting')
  })

  test('what an older link still says is not heard', async () => {
    const { connection, wire, timers, goOnline, greet } = setUp()
    await goOnline()
    const old = wire.link
    old.drop()
    await timers.advance(1_000)
    await greet()
    old.receive({ type: 'bye', code: 'signed-out', message: '' })
    old.drop()
    expect(connection.state.kind).toBe('online')
  })

  test('stop closes the socket for good, start opens another', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    connection.stop()
    expect(connection.state).toEqual({ kind: 'idle' })
    expect(wire.link.isClosed).toBe(true)
    await timers.advance(120_000)
    expect(wire.links).toHaveLength(1)
    expect(timers.size).toBe(0)
    await goOnline()
    expect(connection.state.kind).toBe('online')
  })

  test('a listener may stop the connection that tells it', async () => {
    const { connection, wire, timers } = setUp()
    connection.onState((state) => state.kind === 'connecting' && connection.stop())
    connection.start()
    await timers.advance(60_000)
    expect(connection.state.kind).toBe('idle')
    expect(wire.links).toHaveLength(0)
    expect(timers.size).toBe(0)
  })
})

describe('heartbeat', () => {
  test('[3.1] a ping is answered with pong at once, before the welcome too', async () => {
    const { connection, wire, timers } = setUp()
    connection.start()
    await timers.settle()
    wire.link.open()
    wire.link.receive({ type: 'ping' })
    expect(wire.link.sent).toEqual([{ type: 'hello' }, { type: 'pong' }])
  })

  test('[3.2] a link that was silent for 25 s is given up', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    await timers.advance(20_000)
    wire.link.receive({ type: 'ping' })
    await timers.advance(24_999)
    expect(connection.state.kind).toBe('online')
    await timers.advance(1)
    expect(connection.state.kind).toBe('waiting')
    expect(wire.link.isClosed).toBe(true)
  })

  test('[3.2] any frame is a sign of life, even one that this client does not know', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    for (let i = 0; i < 10; i++) {
      await timers.advance(20_000)
      wire.link.receive({ type: 'from.the.future' })
    }
    expect(connection.state.kind).toBe('online')
  })

  test('[3.3] waking up on a silent link probes it, and an answer keeps it', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    await timers.advance(5_000)
    connection.wake()
    connection.wake()
    const probes = wire.link.sent.filter(({ type }) => type === 'ping')
    expect(probes).toEqual([{ type: 'ping', ref: expect.any(String) }])
    wire.link.receive({ type: 'ok', ref: probes[0]?.ref, result: {} })
    await timers.advance(10_000)
    expect(connection.state.kind).toBe('online')
  })

  test('[3.3] a probe without an answer in 4 s ends the link, and the next try starts at once', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    await timers.advance(5_000)
    connection.wake()
    await timers.advance(4_000)
    expect(connection.state.kind).toBe('connecting')
    expect(wire.links.map((link) => link.isClosed)).toEqual([true, false])
  })

  test('[3.3] waking up after a long sleep does not wait for a probe', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    // A machine that sleeps runs no timers: only the clock has moved.
    const slept = timers.now() + 3_600_000
    timers.now = () => slept
    connection.wake()
    expect(wire.links[0]?.isClosed).toBe(true)
    expect(connection.state).toEqual({ kind: 'waiting', retryAt: slept })
  })

  test('[3.3] a link that spoke a moment ago is not probed', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    await timers.advance(2_000)
    connection.wake()
    expect(wire.link.sent).toEqual([{ type: 'hello' }])
  })

  test('an old probe does not judge a later one', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    await timers.advance(3_500)
    connection.wake()
    wire.link.receive({ type: 'ping' })
    await timers.advance(3_500)
    connection.wake()
    await timers.advance(3_999)
    expect(connection.state.kind).toBe('online')
  })
})

describe('reconnecting', () => {
  test('[9.1] never gives up, and never waits longer than 30 s', async () => {
    const { connection, wire, timers } = setUp({ random: () => 0.999 })
    connection.start()
    for (let i = 0; i < 50; i++) {
      await timers.settle()
      wire.link.drop()
      const { state } = connection
      if (state.kind !== 'waiting') throw new Error(state.kind)
      const ms = state.retryAt - timers.now()
      expect(ms).toBeLessThanOrEqual(30_000)
      if (i > 5) expect(ms).toBeGreaterThan(29_000)
      await timers.advance(ms)
    }
    expect(wire.links).toHaveLength(51)
  })

  test('[9.2] a server that accepts and drops is not stormed', async () => {
    const { connection, timers, wire, greet } = setUp()
    connection.start()
    for (let i = 0; i < 20; i++) {
      await greet()
      wire.link.drop()
      const { state } = connection
      await timers.advance(state.kind === 'waiting' ? state.retryAt - timers.now() : 0)
    }
    await greet()
    wire.link.drop()
    expect(connection.state).toEqual({ kind: 'waiting', retryAt: timers.now() + 15_000 })
  })

  test('[9.2] a link that lasted starts the backoff from the beginning', async () => {
    const { connection, timers, wire, greet } = setUp()
    connection.start()
    for (let i = 0; i < 20; i++) {
      await timers.settle()
      wire.link.drop()
      const { state } = connection
      await timers.advance(state.kind === 'waiting' ? state.retryAt - timers.now() : 0)
    }
    await greet()
    await timers.advance(10_000)
    wire.link.drop()
    expect(connection.state).toEqual({ kind: 'waiting', retryAt: timers.now() + 500 })
  })

  test('[9.3] waking up while waiting tries at once', async () => {
    const { connection, wire, timers, goOnline } = setUp({ random: () => 0.99 })
    await goOnline()
    await timers.advance(5_000)
    wire.link.drop()
    connection.wake()
    await timers.advance(0)
    expect(wire.links).toHaveLength(2)
  })

  test('[9.3] waking up never makes it later', async () => {
    const { connection, wire, timers } = setUp({ random: () => 0.1 })
    connection.start()
    await timers.settle()
    wire.link.drop()
    connection.wake()
    expect(connection.state).toEqual({ kind: 'waiting', retryAt: timers.now() + 100 })
  })

  test('[9.3] waking up over and over starts at most one attempt a second', async () => {
    const { connection, wire, timers } = setUp({ random: () => 0.99 })
    connection.start()
    await timers.settle()
    for (let i = 0; i < 1_000; i++) {
      if (!wire.link.isClosed) wire.link.drop()
      connection.wake()
      await timers.advance(10)
    }
    expect(wire.links.length).toBeLessThanOrEqual(11)
    expect(wire.links.length).toBeGreaterThanOrEqual(9)
  })

  test('[9.3] waking up restarts an attempt that hangs', async () => {
    const { connection, wire, timers } = setUp()
    connection.start()
    await timers.advance(2_000)
    connection.wake()
    expect(wire.links).toHaveLength(1)
    await timers.advance(3_000)
    connection.wake()
    await timers.advance(0)
    expect(wire.links.map((link) => link.isClosed)).toEqual([true, false])
  })

  test('[8.1] drain closes the link and comes back when it was told to', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    wire.link.receive({ type: 'drain', retryInMs: 2_345 })
    expect(wire.link.isClosed).toBe(true)
    expect(connection.state).toEqual({ kind: 'waiting', retryAt: timers.now() + 2_345 })
    connection.wake()
    await timers.advance(2_344)
    expect(wire.links).toHaveLength(1)
    await timers.advance(1)
    expect(wire.links).toHaveLength(2)
  })

  test('a link that moved to another tab is opened again at once', async () => {
    const { wire, timers, goOnline } = setUp()
    await goOnline()
    await timers.advance(1_000)
    wire.link.drop(movedCode)
    await timers.advance(0)
    expect(wire.links).toHaveLength(2)
  })
})

describe('the last word', () => {
  test.for([
    'signed-out',
    'token-revoked',
    'origin-not-allowed',
    'version-not-served',
    'site-not-found',
  ])('[9.4] %s is final until the next start', async (code) => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    wire.link.receive({ type: 'bye', code, message: 'No.' })
    expect(connection.state).toEqual({ kind: 'refused', code, message: 'No.' })
    expect(wire.link.isClosed).toBe(true)
    connection.wake()
    await timers.advance(600_000)
    expect(wire.links).toHaveLength(1)
    await goOnline()
    expect(connection.state.kind).toBe('online')
  })

  test.for(['too-fast', 'unavailable', 'draining', 'internal', 'never-heard-of'])(
    '[9.4] %s is waited out, for as long as the server says and a little more',
    async (code) => {
      const { connection, wire, timers, goOnline } = setUp()
      await goOnline()
      wire.link.receive({ type: 'bye', code, message: 'Later.', retryAfterMs: 7_000 })
      expect(connection.state).toEqual({ kind: 'waiting', retryAt: timers.now() + 7_500 })
      connection.wake()
      await timers.advance(6_999)
      expect(wire.links).toHaveLength(1)
      await timers.advance(501)
      expect(wire.links).toHaveLength(2)
    },
  )
})

describe('requests', () => {
  test('[4.1] answers find their request by ref, in any order', async () => {
    const { connection, wire, goOnline } = setUp()
    await goOnline()
    const first = connection.request({ type: 'page.set', page: 1 })
    const second = connection.request({ type: 'conversation.list' })
    const [, a, b] = wire.link.sent
    expect(a).toEqual({ type: 'page.set', page: 1, ref: expect.any(String) })
    expect(a?.ref).not.toBe(b?.ref)
    wire.link.receive({ type: 'ok', ref: b?.ref, result: 'two' })
    wire.link.receive({ type: 'ok', ref: a?.ref, result: 'one' })
    expect(await Promise.all([first, second])).toEqual(['one', 'two'])
  })

  test('[4.2] a failed answer rejects with all that the server said', async () => {
    const { connection, wire, goOnline } = setUp()
    await goOnline()
    const claim = connection.request({ type: 'conversation.claim' })
    wire.link.receive({
      type: 'failed',
      ref: wire.link.sent[1]?.ref,
      code: 'already-claimed',
      message: 'Jonas has it.',
      isRetryable: false,
      holder: 'Jonas',
    })
    const failure = await claim.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(failure).toMatchObject({
      code: 'already-claimed',
      message: 'Jonas has it.',
      isRetryable: false,
      holder: 'Jonas',
    })
  })

  test('[4.3] without a link a request is refused at once', async () => {
    const { connection } = setUp()
    await expect(connection.request({ type: 'ping' })).rejects.toMatchObject({
      code: 'disconnected',
    })
  })

  test('[4.3] a lost link rejects what has no answer yet', async () => {
    const { connection, wire, goOnline } = setUp()
    await goOnline()
    const asked = connection.request({ type: 'ping' })
    wire.link.drop()
    await expect(asked).rejects.toMatchObject({ code: 'disconnected', isRetryable: true })
  })

  test('[4.4] no answer in 15 s ends the link, though it is not silent', async () => {
    const { connection, wire, timers, goOnline } = setUp()
    await goOnline()
    const asked = connection.request({ type: 'ping' })
    const outcome = asked.catch((error: unknown) => error)
    await timers.advance(14_000)
    wire.link.receive({ type: 'ping' })
    await timers.advance(1_000)
    expect(await outcome).toMatchObject({ code: 'disconnected' })
    expect(connection.state.kind).toBe('waiting')
  })

  test('[4.4] an answer of an older link settles nothing', async () => {
    const { connection, wire, timers, goOnline, greet } = setUp()
    await goOnline()
    connection.request({ type: 'ping' }).catch(() => {})
    const { ref } = wire.link.sent[1] ?? {}
    wire.link.drop()
    await timers.advance(1_000)
    await greet()
    let isSettled = false
    void connection.request({ type: 'ping' }).finally(() => (isSettled = true))
    wire.link.receive({ type: 'ok', ref, result: {} })
    await timers.settle()
    expect(isSettled).toBe(false)
  })

  test('[10.3] waiting requests are bounded', async () => {
    const { connection, goOnline } = setUp()
    await goOnline()
    for (let i = 0; i < 200; i++) connection.request({ type: 'ping' }).catch(() => {})
    await expect(connection.request({ type: 'ping' })).rejects.toMatchObject({
      code: 'too-fast',
      isRetryable: true,
    })
    connection.stop()
  })
})

describe('pushes', () => {
  test('[5.1] known ones reach the listeners, unknown and broken ones are dropped', async () => {
    const { connection, wire, goOnline } = setUp()
    await goOnline()
    const pushes: VisitorPush[] = []
    const unsubscribe = connection.onPush((push) => pushes.push(push))
    const read = { type: 'read', conversationId: 'conversation', by: 'agent', seq: 3 }
    wire.link.receive(read)
    wire.link.receive({ type: 'from.the.future' })
    wire.link.receive({ ...read, seq: -1 })
    wire.link.receiveText('{"type"')
    expect(pushes).toEqual([read])
    unsubscribe()
    wire.link.receive(read)
    expect(pushes).toHaveLength(1)
  })

  test('hostile frames neither throw nor end the link', async () => {
    const { connection, wire, goOnline } = setUp()
    await goOnline()
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        wire.link.receiveText(text)
        expect(connection.state.kind).toBe('online')
      }),
    )
  })
})

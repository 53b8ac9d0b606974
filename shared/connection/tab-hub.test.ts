import { expect, test } from 'vitest'

import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createTestWire } from '../../test/support/test-wire.ts'
import { createTabHub, type HubMessage } from './tab-hub.ts'

const hello = JSON.stringify({ type: 'hello', site: 'shop', token: 'marta' })
const welcome = { type: 'welcome', serverTime: 5, visitor: { name: null, hasEmail: false } }

function setUp(openSocket = createTestWire().openSocket) {
  const timers = createFakeTimers()
  const told: HubMessage[] = []
  const hub = createTabHub({ openSocket, timers, tell: (message) => told.push(message) })
  return { hub, told, timers }
}

test('[12.1] the link is opened for the first session and closed after the last', () => {
  const wire = createTestWire()
  const { hub } = setUp(wire.openSocket)
  hub.join('a')
  hub.join('b')
  expect(wire.links).toHaveLength(1)
  hub.leave('a')
  expect(wire.link.isClosed).toBe(false)
  hub.leave('b')
  expect(wire.link.isClosed).toBe(true)
})

test('a link that was closed has no say over the next one', () => {
  const wire = createTestWire()
  const { hub, told } = setUp(wire.openSocket)
  hub.join('a')
  const old = wire.link
  hub.leave('a')
  hub.join('b')
  old.open()
  old.receive({ type: 'team', team: {} })
  old.drop()
  expect(told).toEqual([])
  hub.hear('b', hello)
  expect(wire.link.sent).toEqual([])
  wire.link.open()
  expect(wire.link.sent).toEqual([JSON.parse(hello)])
})

test('a hello that comes before the welcome waits for it', () => {
  const wire = createTestWire()
  const { hub, told } = setUp(wire.openSocket)
  for (const session of ['a', 'b']) {
    hub.join(session)
    hub.hear(session, hello)
  }
  wire.link.open()
  wire.link.receive(welcome)
  expect(wire.link.sent).toEqual([JSON.parse(hello)])
  expect(told).toEqual(['a', 'b'].map((session) => ['text', session, JSON.stringify(welcome)]))
})

test('a late hello is welcomed even if the server cannot list the conversations now', async () => {
  const wire = createTestWire()
  const { hub, told, timers } = setUp(wire.openSocket)
  hub.join('a')
  hub.hear('a', hello)
  wire.link.open()
  wire.link.receive(welcome)
  hub.join('b')
  hub.hear('b', hello)
  const { ref } = wire.link.sent.at(-1) ?? {}
  await timers.advance(100)
  wire.link.receive({ type: 'failed', ref, code: 'too-fast', message: '', isRetryable: true })
  const [, to, text] = told.at(-1) ?? []
  expect(to).toBe('b')
  expect(JSON.parse(String(text))).toEqual({ ...welcome, serverTime: 105 })
})

test('a session that does not even answer pings is forgotten', async () => {
  const wire = createTestWire()
  const { hub, timers } = setUp(wire.openSocket)
  for (const session of ['a', 'b']) {
    hub.join(session)
    hub.hear(session, hello)
  }
  wire.link.open()
  wire.link.receive(welcome)
  for (let i = 0; i < 8; i++) {
    await timers.advance(10_000)
    wire.link.receive({ type: 'ping' })
    hub.hear('a', '{"type":"pong"}')
  }
  const before = wire.link.sent.length
  hub.hear('b', '{"type":"ping","ref":"1"}')
  expect(wire.link.sent).toHaveLength(before)
  hub.hear('a', '{"type":"ping","ref":"1"}')
  expect(wire.link.sent).toHaveLength(before + 1)
})

test('a link that cannot be opened is lost for every session', async () => {
  const { hub, told, timers } = setUp(() => {
    throw new Error('blocked')
  })
  hub.join('a')
  hub.join('b')
  await timers.advance(0)
  expect(told).toEqual([['closed', null, 1006]])
})

test('frames that are none, from either side, do nothing', () => {
  const wire = createTestWire()
  const { hub, told } = setUp(wire.openSocket)
  hub.join('a')
  hub.hear('a', hello)
  wire.link.open()
  wire.link.receive(welcome)
  const { length } = told
  for (const text of ['', 'null', '[]', '{', '7', '{"type":"ok","ref":"zz"}']) {
    wire.link.receiveText(text)
    hub.hear('a', text)
  }
  expect(told.slice(length).every(([kind, to]) => kind === 'text' && to === null)).toBe(true)
})

import { randomBytes } from 'node:crypto'

import { nanoid } from 'nanoid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openRawPeer, opcodes, toFrame } from '../support/raw-peer.ts'
import { shopOrigin, startTestApp, type TestApp, type TestPerson } from '../support/test-app.ts'
import { openWire } from '../support/wire-client.ts'

let app: TestApp
let site: Awaited<ReturnType<TestApp['addSite']>>
beforeAll(async () => {
  app = await startTestApp()
  site = await app.addSite()
})
afterAll(() => app.dispose())

const newToken = () => randomBytes(32).toString('base64url')
const visitorHello = (token = newToken()) => ({ type: 'hello', version: 1, site: site.key, token })

async function openVisitorPeer() {
  const peer = await openRawPeer(`${app.url}/ws/visitor`, { Origin: shopOrigin })
  peer.say(visitorHello())
  await peer.hears('"welcome"')
  return peer
}

async function ticketFor(person: TestPerson) {
  const { json } = await app.request('POST', '/api/ticket', { person, body: {} })
  return String(json['ticket'])
}

async function openAgentPeer(person: TestPerson) {
  const peer = await openRawPeer(`${app.url}/ws/agent`, { Origin: app.config.publicUrl })
  peer.say({ type: 'hello', version: 1, ticket: await ticketFor(person) })
  await peer.hears('"welcome"')
  return peer
}

async function startChat() {
  const visitor = await app.openVisitor(site.key, newToken())
  const conversationId = nanoid()
  await visitor.ask('message.send', { conversationId, clientId: nanoid(), text: 'Hi', start: {} })
  return { visitor, conversationId }
}

const signOut = (person: TestPerson) => {
  const { 'content-type': _, ...headers } = person.headers
  return app.request('DELETE', '/api/session', { person: { ...person, headers } })
}

describe('[D11] a peer that does not take leave', () => {
  test('is not heard after it was signed out, and its connection ends within two seconds', async () => {
    const { conversationId } = await startChat()
    const person = await app.addPerson()
    const peer = await openAgentPeer(person)
    const since = Date.now()
    await signOut(person)
    await peer.hears('"bye"')
    peer.say({
      type: 'note.send',
      ref: '1',
      conversationId,
      clientId: nanoid(),
      text: 'Written after the end',
    })
    await peer.ends()
    expect(Date.now() - since).toBeLessThan(2_000)
    const events = await app.store.hotRead.listEvents(conversationId, 0, 100)
    expect(events.map(({ text }) => text)).not.toContain('Written after the end')
  })

  test('is not heard behind a frame that ended its connection', async () => {
    const peer = await openVisitorPeer()
    const conversationId = nanoid()
    const send = { type: 'message.send', conversationId, clientId: nanoid(), text: 'Hi', start: {} }
    peer.send(
      Buffer.concat([
        toFrame(opcodes.binary, 'x'),
        toFrame(opcodes.text, JSON.stringify({ ...send, ref: '1' })),
      ]),
    )
    await peer.ends()
    expect(await app.store.hotRead.findConversation(conversationId)).toBeUndefined()
  })
})

test('a ticket is worth nothing after its session was signed out', async () => {
  const person = await app.addPerson()
  const ticket = await ticketFor(person)
  await signOut(person)
  const wire = await openWire(`${app.url}/ws/agent`, app.config.publicUrl)
  wire.sendRaw({ type: 'hello', version: 1, ticket })
  expect(await wire.next(({ type }) => type === 'bye')).toMatchObject({ code: 'signed-out' })
  expect(await wire.closing()).toMatchObject({ code: 4401 })
})

test('[D11] whoever is signed out in the middle of a hello is not let in', async () => {
  const person = await app.addPerson()
  const wires = []
  for (let count = 0; count < 5; count += 1) {
    const wire = await openWire(`${app.url}/ws/agent`, app.config.publicUrl)
    wires.push({ wire, hello: { type: 'hello', version: 1, ticket: await ticketFor(person) } })
  }
  for (const { wire, hello } of wires) wire.sendRaw(hello)
  await signOut(person)
  for (const { wire } of wires) expect(await wire.closing()).toMatchObject({ code: 4401 })
})

describe('a conversation that left an agent’s hands', () => {
  test('[D11] is silent to one who saw it only because they held it', async () => {
    const { visitor, conversationId } = await startChat()
    const support = await app.addPerson()
    const supportWire = await app.openAgent(support)
    await supportWire.ask('conversation.claim', { conversationId })
    await supportWire.ask('conversation.resume', { conversationId, after: 0 })
    // Out of the department, the chat stays theirs until it ends.
    await app.context.store.transaction(({ db }) =>
      db.deleteFrom('department_member').where('agent_id', '=', support.id).execute(),
    )
    supportWire.close()
    const wire = await app.openAgent(support)
    expect(await wire.ask('conversation.resume', { conversationId, after: 0 })).toHaveProperty(
      'type',
      'ok',
    )
    await wire.ask('conversation.close', { conversationId })
    const words = async (text: string) =>
      visitor.ask('message.send', { conversationId, clientId: nanoid(), text })
    await words('Opens it again')
    const other = await app.addPerson()
    const otherWire = await app.openAgent(other)
    await otherWire.ask('conversation.claim', { conversationId })
    await expect
      .poll(async () => (await wire.ask('typing.set', { conversationId, isTyping: true })).type)
      .toBe('failed')
    await otherWire.ask('note.send', { conversationId, clientId: nanoid(), text: 'not for you' })
    await words('said to another agent')
    expect(await wire.ask('conversation.resume', { conversationId, after: 0 })).toMatchObject({
      code: 'not-found',
    })
    expect(JSON.stringify(wire.frames)).not.toContain('not for you')
    expect(JSON.stringify(wire.frames)).not.toContain('said to another agent')
    wire.close()
    otherWire.close()
  })
})

describe('floods', () => {
  test('commands past the limit are refused with a time, each by its ref', async () => {
    const wire = await app.openVisitor(site.key, newToken())
    const answers = await Promise.all(Array.from({ length: 100 }, () => wire.ask('ping')))
    const refused = answers.filter(({ type }) => type === 'failed')
    expect(refused.length).toBeGreaterThan(30)
    for (const answer of refused) {
      expect(answer).toMatchObject({ code: 'too-fast', isRetryable: true })
      expect(answer['retryAfterMs']).toBeGreaterThan(0)
    }
    expect(wire.isClosed).toBe(false)
  })

  test.each([
    { name: 'commands', frame: toFrame(opcodes.text, '{"type":"ping","ref":"1"}') },
    { name: 'pongs, which are not commands', frame: toFrame(opcodes.text, '{"type":"pong"}') },
  ])('a flood of $name ends the connection, with a time', async ({ frame }) => {
    const peer = await openVisitorPeer()
    peer.send(Buffer.concat(Array<Buffer>(5_000).fill(frame)))
    await peer.hears('"bye"')
    expect(peer.received()).toMatch(/"bye","code":"too-fast".*"retryAfterMs":\d+/)
    await peer.ends()
  })

  test('a flood of pings that nobody reads the answers of costs bounded memory', async () => {
    const peer = await openVisitorPeer()
    peer.socket.pause()
    const pings = Buffer.concat(Array<Buffer>(2_000).fill(toFrame(opcodes.ping, 'x'.repeat(120))))
    const before = process.memoryUsage.rss()
    for (let count = 0; count < 60 && !peer.socket.destroyed; count += 1) {
      await new Promise<void>((resolve) => peer.socket.write(pings, () => resolve()))
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024)
    peer.socket.destroy()
  })

  test('a thousand sockets without a hello leave nothing behind', async () => {
    const before = app.realtime.hub.connections.size
    const peers = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        openRawPeer(`${app.url}/ws/visitor`, { Origin: shopOrigin }),
      ),
    )
    expect(app.realtime.hub.connections.size).toBe(before + 1_000)
    for (const { socket } of peers) socket.destroy()
    await expect.poll(() => app.realtime.hub.connections.size).toBe(before)
  })
})

test('[D3] messages in one breath keep their order, the one that starts the conversation first', async () => {
  const peer = await openVisitorPeer()
  const conversationId = nanoid()
  const texts = Array.from({ length: 20 }, (_, count) => `words ${count}`)
  peer.send(
    Buffer.concat(
      texts.map((text, count) => {
        const send = { type: 'message.send', ref: `r${count}`, conversationId, clientId: nanoid() }
        const start = count === 0 ? { start: {} } : {}
        return toFrame(opcodes.text, JSON.stringify({ ...send, text, ...start }))
      }),
    ),
  )
  await peer.hears('"ref":"r19"')
  const events = await app.store.hotRead.listEvents(conversationId, 0, 100)
  expect(events.filter(({ type }) => type === 'message').map(({ text }) => text)).toEqual(texts)
  peer.socket.destroy()
})

describe('frames that are none', () => {
  const cases: [name: string, bytes: Buffer][] = [
    ['a text that is no UTF-8', toFrame(opcodes.text, Buffer.from([0xc3, 0x28]))],
    ['a frame of 64 KiB and one byte', toFrame(opcodes.text, 'x'.repeat(64 * 1024 + 1))],
    ['an unknown opcode', toFrame(0x83, 'x')],
    ['reserved bits', toFrame(0xf1, '{}')],
    ['a rest of nothing', toFrame(opcodes.rest, 'x')],
    ['a ping that is too long', toFrame(opcodes.ping, 'x'.repeat(126))],
    ['an unmasked frame', Buffer.from([opcodes.text, 2, 0x7b, 0x7d])],
    ['a length of 2⁶³', Buffer.from([opcodes.text, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    [
      'a thousand pieces',
      Buffer.concat([toFrame(0x01, '{'), ...Array<Buffer>(1_000).fill(toFrame(0x00, ' '))]),
    ],
    ['bytes of chance', randomBytes(5_000)],
    ['text that is no JSON', toFrame(opcodes.text, 'GET / HTTP/1.1')],
    ['a second hello', toFrame(opcodes.text, JSON.stringify({ type: 'hello', version: 1 }))],
  ]
  test.each(cases)('%s ends the connection and nothing else', async (_name, bytes) => {
    const bystander = await app.openVisitor(site.key, newToken())
    const peer = await openVisitorPeer()
    peer.send(bytes)
    await peer.ends()
    expect(await bystander.ask('ping')).toMatchObject({ type: 'ok' })
  })

  test('half a frame is nothing yet, and its second half completes it', async () => {
    const peer = await openVisitorPeer()
    const frame = toFrame(opcodes.text, '{"type":"ping","ref":"half"}')
    peer.send(frame.subarray(0, 9))
    peer.send(frame.subarray(9))
    await peer.hears('"ref":"half"')
    peer.socket.destroy()
  })
})

describe('before the welcome', () => {
  test.each([
    ['a command', { type: 'ping', ref: '1' }, 'hello-expected'],
    [
      'a hello of the other side',
      { type: 'hello', version: 1, ticket: 'x'.repeat(43) },
      'bad-frame',
    ],
    ['a hello with a field too many', { type: 'hello', version: 1, admin: true }, 'bad-frame'],
    ['a version of nothing', { type: 'hello', version: 0 }, 'bad-frame'],
  ])('%s ends the connection', async (_name, frame, code) => {
    const wire = await openWire(`${app.url}/ws/visitor`, shopOrigin)
    wire.sendRaw(frame)
    expect(await wire.next(({ type }) => type === 'bye')).toMatchObject({ code })
    expect(await wire.closing()).toMatchObject({ code: 4400 })
  })

  test('two hellos in one breath make no two visitors', async () => {
    const peer = await openRawPeer(`${app.url}/ws/visitor`, { Origin: shopOrigin })
    const hello = toFrame(opcodes.text, JSON.stringify(visitorHello()))
    peer.send(Buffer.concat([hello, hello]))
    await peer.ends()
    expect(peer.received().split('"welcome"').length).toBeLessThanOrEqual(2)
  })

  test.each([
    undefined,
    'null',
    'https://shop.example.com.evil.example',
    'http://shop.example.com',
    'HTTPS://SHOP.EXAMPLE.COM:444',
  ])('the origin %s is not the shop’s', async (origin) => {
    const wire = await openWire(`${app.url}/ws/visitor`, origin)
    wire.sendRaw(visitorHello())
    expect(await wire.next(({ type }) => type === 'bye')).toMatchObject({
      code: 'origin-not-allowed',
    })
  })

  test('the site’s name in a prototype is no site', async () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      const wire = await openWire(`${app.url}/ws/visitor`, shopOrigin)
      wire.sendRaw({ ...visitorHello(), site: key })
      expect(await wire.next(({ type }) => type === 'bye')).toMatchObject({
        code: 'site-not-found',
      })
    }
  })
})

import { randomBytes } from 'node:crypto'

import fc from 'fast-check'
import { nanoid } from 'nanoid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openSqliteStore } from '../../server/store/open.ts'
import { agentCommandSchemas, visitorCommandSchemas } from '../../shared/protocol/commands.ts'
import { shopOrigin, startTestApp, type TestApp, type TestPerson } from '../support/test-app.ts'
import { openWire, type Wire } from '../support/wire-client.ts'

let app: TestApp
let site: Awaited<ReturnType<TestApp['addSite']>>
beforeAll(async () => {
  app = await startTestApp()
  site = await app.addSite()
})
afterAll(() => app.dispose())

const newToken = () => randomBytes(32).toString('base64url')
const say = (wire: Wire, conversationId: string, text: string) =>
  wire.ask('message.send', { conversationId, clientId: nanoid(), text, start: {} })

async function startChat() {
  const token = newToken()
  const visitor = await app.openVisitor(site.key, token)
  const conversationId = nanoid()
  await say(visitor, conversationId, 'Hello')
  return { token, visitor, conversationId }
}

async function openHolder(conversationId: string): Promise<{ person: TestPerson; agent: Wire }> {
  const person = await app.addPerson()
  const agent = await app.openAgent(person)
  await agent.ask('conversation.claim', { conversationId })
  await agent.ask('conversation.resume', { conversationId, after: 0 })
  return { person, agent }
}

/** A round trip behind which everything that was to come has come. */
async function settle(...wires: Wire[]) {
  for (const wire of wires) await wire.ask('ping')
}

describe('an internal note', () => {
  const secret = 'she is a difficult customer'

  async function leaveNote() {
    const chat = await startChat()
    const { agent } = await openHolder(chat.conversationId)
    await chat.visitor.ask('conversation.resume', {
      conversationId: chat.conversationId,
      after: 0,
    })
    await chat.visitor.next(
      (frame) => (frame['conversation'] as { status?: string } | undefined)?.status === 'active',
    )
    const before = chat.visitor.frames.length
    const send = { conversationId: chat.conversationId, clientId: nanoid(), text: secret }
    const answer = await agent.ask('note.send', send)
    const { seq } = (answer['result'] as { event: { seq: number } }).event
    return { ...chat, agent, before, seq }
  }

  test('moves nothing that its visitor is told: no mark, no count, no last words', async () => {
    const { visitor, agent, conversationId, seq, token } = await leaveNote()
    await agent.ask('read.set', { conversationId, seq })
    await visitor.ask('read.set', { conversationId, seq: 1_000_000 })
    await settle(agent, visitor)
    const list = await visitor.ask('conversation.list')
    const resumed = await visitor.ask('conversation.resume', { conversationId, after: 0 })
    const again = await app.openVisitor(site.key, token)
    const welcome = await again.next(({ type }) => type === 'welcome')
    const unread = await fetch(`${app.url}/w/${site.key}/unread`, {
      method: 'POST',
      body: token,
      headers: { 'content-type': 'text/plain', origin: shopOrigin },
    })
    const reader = unread.body?.getReader()
    const first = new TextDecoder().decode((await reader?.read())?.value)
    await reader?.cancel()

    const told = [list['result'], welcome].map(
      (answer) => (answer as { conversations: Record<string, unknown>[] }).conversations[0],
    )
    for (const conversation of told) {
      expect(conversation).toMatchObject({ unread: 0, lastMessage: { text: 'Hello' } })
      for (const mark of ['lastSeq', 'agentReadSeq', 'visitorReadSeq']) {
        expect(conversation?.[mark], mark).toBeLessThan(seq)
      }
    }
    const page = resumed['result'] as Record<string, number>
    expect(page['agentReadSeq']).toBeLessThan(seq)
    expect(page['visitorReadSeq']).toBeLessThan(seq)
    expect(JSON.parse(first)).toEqual({ unread: 0, isOpen: true })
    expect(JSON.stringify(visitor.frames)).not.toContain(secret)
    agent.close()
  })

  test('makes no sound on the visitor’s socket, not even by being read', async () => {
    const { visitor, agent, conversationId, seq, before } = await leaveNote()
    await agent.ask('read.set', { conversationId, seq: seq - 1 })
    const afterMark = visitor.frames.length
    await agent.ask('read.set', { conversationId, seq })
    await settle(agent, visitor)
    const pushed = visitor.frames.slice(before, afterMark).map(({ type }) => type)
    expect(pushed.filter((type) => type === 'event')).toEqual([])
    const reads = visitor.frames.slice(before).filter(({ type }) => type === 'read')
    for (const read of reads) expect(read['seq']).toBeLessThan(seq)
    expect(new Set(reads.map((read) => read['seq'])).size).toBe(reads.length)
    agent.close()
  })

  test('is not given away by typing of who does not hold the chat', async () => {
    const { visitor, agent, conversationId } = await leaveNote()
    const supervisor = await app.openAgent(await app.addPerson('supervisor'))
    await supervisor.ask('conversation.resume', { conversationId, after: 0 })
    await supervisor.ask('typing.set', { conversationId, isTyping: true })
    await settle(supervisor, visitor)
    expect(visitor.frames.filter(({ type }) => type === 'typing')).toEqual([])
    expect(agent.frames.filter(({ type }) => type === 'typing')).toHaveLength(1)
    await agent.ask('typing.set', { conversationId, isTyping: true })
    await visitor.next(({ type }) => type === 'typing')
    agent.close()
    supervisor.close()
  })
})

describe('what is typed but not sent', () => {
  test('reaches nobody unless the site shows it', async () => {
    const { visitor, conversationId } = await startChat()
    const { agent } = await openHolder(conversationId)
    await visitor.ask('typing.set', { conversationId, isTyping: true, text: 'my unsent words' })
    await agent.next(({ type }) => type === 'typing')
    expect(JSON.stringify(agent.frames)).not.toContain('my unsent words')
    agent.close()
  })
})

describe('a visitor’s token', () => {
  test('is one of its own on every site', async () => {
    const other = await app.addSite('Other shop')
    const { token, conversationId } = await startChat()
    const wire = await app.openVisitor(other.key, token)
    expect(wire.frames[0]).toMatchObject({ conversations: [] })
    for (const [type, fields] of [
      ['conversation.resume', { after: 0 }],
      ['conversation.close', {}],
      ['read.set', { seq: 1 }],
      ['typing.set', { isTyping: true }],
      ['message.send', { clientId: nanoid(), text: 'Let me in', start: {} }],
    ] as const) {
      expect(await wire.ask(type, { conversationId, ...fields })).toMatchObject({
        code: 'not-found',
      })
    }
  })

  test('that was revoked opens nothing, and counts nothing', async () => {
    const { token, visitor, conversationId } = await startChat()
    await app.store.transaction(({ db }) =>
      db
        .updateTable('visitor')
        .set({ token_revoked_at: Date.now() })
        .where('id', '=', (eb) =>
          eb.selectFrom('conversation').select('visitor_id').where('id', '=', conversationId),
        )
        .execute(),
    )
    expect(await say(visitor, conversationId, 'Still here')).toMatchObject({
      code: 'token-revoked',
    })
    const wire = await app.openVisitor(site.key, token)
    expect(wire.frames[0]).toMatchObject({ type: 'bye', code: 'token-revoked' })
    expect(await wire.closing()).toMatchObject({ code: 4401 })
  })
})

describe('[D11] a visitor’s live socket ends within two seconds', () => {
  test('when another process revokes the token', async () => {
    const { visitor, conversationId } = await startChat()
    const other = await openSqliteStore({
      dataDir: app.dataDir,
      now: Date.now,
      isExclusive: false,
      onFatal() {},
    })
    const since = Date.now()
    await other.transaction(({ db }) =>
      db
        .updateTable('visitor')
        .set({ token_revoked_at: since })
        .where('id', '=', (eb) =>
          eb.selectFrom('conversation').select('visitor_id').where('id', '=', conversationId),
        )
        .execute(),
    )
    await visitor.closing()
    expect(Date.now() - since).toBeLessThan(2_000)
    expect(visitor.frames.at(-1)).toMatchObject({ type: 'bye', code: 'token-revoked' })
    await other.close()
  })

  test('when its page’s origin is taken off the list, and others stay', async () => {
    const admin = await app.addPerson('admin')
    const shop = await app.addSite('Two pages', [shopOrigin, 'https://old.example.com'])
    const stays = await app.openVisitor(shop.key, newToken())
    const goes = await app.openVisitor(shop.key, newToken(), { origin: 'https://old.example.com' })
    const since = Date.now()
    await app.request('PATCH', `/api/sites/${shop.id}`, {
      person: admin,
      body: { origins: [shopOrigin] },
    })
    expect(await goes.closing()).toMatchObject({ code: 4403 })
    expect(Date.now() - since).toBeLessThan(2_000)
    expect(await stays.ask('ping')).toMatchObject({ type: 'ok' })
  })
})

describe('limits', () => {
  test('closing and opening again makes no more open conversations than there may be', async () => {
    const wire = await app.openVisitor(site.key, newToken())
    const ids = Array.from({ length: 8 }, () => nanoid())
    for (const id of ids) {
      await say(wire, id, 'First')
      await wire.ask('conversation.close', { conversationId: id })
    }
    const answers = []
    for (const id of ids) answers.push(await say(wire, id, 'Again'))
    expect(answers.filter(({ type }) => type === 'ok')).toHaveLength(5)
    expect(answers[7]).toMatchObject({ code: 'too-many-open', isRetryable: false })
  })

  test('many sockets of one visitor have one pace', async () => {
    const token = newToken()
    const wires = await Promise.all(
      Array.from({ length: 10 }, () => app.openVisitor(site.key, token)),
    )
    const answers = await Promise.all(
      wires.flatMap((wire) => Array.from({ length: 40 }, () => wire.ask('ping'))),
    )
    const refused = answers.filter(({ type }) => type === 'failed')
    expect(refused.length).toBeGreaterThan(200)
    for (const answer of refused) expect(answer['retryAfterMs']).toBeGreaterThan(0)
    const bystander = await app.openVisitor(site.key, newToken())
    expect(await bystander.ask('ping')).toMatchObject({ type: 'ok' })
  })

  test('a visitor holds so many sockets and no more, and those that close make room', async () => {
    const token = newToken()
    const wires = await Promise.all(
      Array.from({ length: 45 }, () => app.openVisitor(site.key, token)),
    )
    const refused = wires.filter(({ frames }) => frames[0]?.type === 'bye')
    expect(refused).toHaveLength(5)
    expect(refused[0]?.frames[0]).toMatchObject({ code: 'too-fast', retryAfterMs: 30_000 })
    expect(await refused[0]?.closing()).toMatchObject({ code: 4429 })
    for (const wire of wires) wire.close()
    await expect
      .poll(async () => (await app.openVisitor(site.key, token)).frames[0]?.type)
      .toBe('welcome')
  })

  test('one address cannot fill the queue with made-up visitors', async () => {
    const behind = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1' })
    const shop = await behind.addSite()
    const open = async (address: string) => {
      const wire = await openWire(`${behind.url}/ws/visitor`, shopOrigin, {
        'x-forwarded-for': address,
      })
      wire.sendRaw({ type: 'hello', version: 1, site: shop.key, token: newToken() })
      await wire.next(({ type }) => type === 'welcome')
      return wire
    }
    const answers = []
    for (let visitor = 0; visitor < 130; visitor += 1) {
      const wire = await open('203.0.113.9')
      answers.push(
        ...(await Promise.all(Array.from({ length: 5 }, () => say(wire, nanoid(), 'Spam')))),
      )
      wire.close()
    }
    const refused = answers.filter(({ type }) => type === 'failed')
    expect(refused.length).toBeGreaterThan(20)
    expect(refused[0]).toMatchObject({ code: 'too-fast', isRetryable: true })
    expect(refused[0]?.['retryAfterMs']).toBeGreaterThan(0)
    const neighbour = await open('203.0.113.10')
    expect(await say(neighbour, nanoid(), 'A real question')).toMatchObject({ type: 'ok' })
    neighbour.close()
    await behind.dispose()
  })
})

describe('texts', () => {
  test.each([
    '‮txt.exe',
    '؜‏‎',
    '⁦isolated',
    'a\u2028b\u2029c',
    '\ufeff\u200b.',
    '<img src=x onerror=alert(1)>',
    '\u0001\u001b[31m',
    '{{constructor}}',
    '\u{1f469}‍\u{1f680}',
  ])('%j arrives as it was sent', async (text) => {
    const { visitor, conversationId } = await startChat()
    const { agent } = await openHolder(conversationId)
    await say(visitor, conversationId, text)
    const push = await agent.next(
      (frame) => frame.type === 'event' && (frame['event'] as { text?: string }).text === text,
    )
    expect(push).toBeDefined()
    const page = await agent.ask('conversation.resume', { conversationId, after: 0 })
    const { events } = page['result'] as { events: { text?: string }[] }
    expect(events.map((event) => event.text)).toContain(text)
    agent.close()
  })

  test('an odd page title spoils no message', async () => {
    const { visitor } = await startChat()
    const conversationId = nanoid()
    const page = { url: 'https://shop.example.com/', title: 'a\u0000b\ud800c' }
    const answer = await visitor.ask('message.send', {
      conversationId,
      clientId: nanoid(),
      text: 'Hi',
      start: { page },
    })
    expect(answer.type).toBe('ok')
    const row = await app.store.hotRead.findConversation(conversationId)
    expect(row?.start_title).toBe('a b\ufffdc')
  })

  test.each(['__proto__', 'constructor', 'hasOwnProperty'])(
    'a conversation may call itself %s, and nothing comes of it',
    async (conversationId) => {
      const wire = await app.openVisitor(site.key, newToken())
      expect(await say(wire, conversationId, 'Hi')).toMatchObject({ type: 'ok' })
      const { agent } = await openHolder(conversationId)
      expect(await agent.ask('conversation.details', { conversationId })).toMatchObject({
        type: 'ok',
        result: { conversationId },
      })
      expect(({} as Record<string, unknown>)['id']).toBeUndefined()
      agent.close()
    },
  )
})

describe('whatever is sent', () => {
  const types = [...Object.keys(visitorCommandSchemas), ...Object.keys(agentCommandSchemas)]
  const value = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom('the-conversation', 'mine', 'a@example.com', 0, 1, true, {}),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.constantFrom(1e308, -1, '\ud800', '\u0000', 'x'.repeat(5_000)) },
  )
  const frame = fc.tuple(
    fc.constantFrom(...types, '__proto__', 'hello'),
    fc.dictionary(
      fc.constantFrom(
        'conversationId',
        'clientId',
        'text',
        'start',
        'after',
        'seq',
        'isTyping',
        'email',
        'name',
        'page',
        'view',
        'cursor',
        'offerId',
        'status',
        'capacity',
        'author',
        '__proto__',
      ),
      value,
    ),
  )

  test('is answered or ends the connection, and shows nothing from inside', async () => {
    const { visitor: owner, conversationId } = await startChat()
    const { agent: holder } = await openHolder(conversationId)
    await holder.ask('note.send', { conversationId, clientId: nanoid(), text: 'inside words' })
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 8 }), async (frames) => {
        const peer = await app.openVisitor(site.key, newToken())
        for (const [index, [type, fields]] of frames.entries()) {
          const text = JSON.stringify({ type, ref: `r${index}`, ...fields })
          peer.sendRaw(text.replaceAll('the-conversation', conversationId))
        }
        peer.sendRaw({ type: 'ping', ref: 'last' })
        await Promise.race([peer.next((answer) => answer['ref'] === 'last'), peer.closing()])
        const refs = peer.frames.map((answer) => answer['ref'])
        if (!peer.isClosed) {
          for (const index of frames.keys()) expect(refs).toContain(`r${index}`)
        }
        const all = JSON.stringify(peer.frames)
        expect(all).not.toMatch(/inside words|Hello|"internal"|SQLITE|sqlite|node:|\.ts:|at Object/)
        peer.close()
      }),
      { numRuns: 60 },
    )
    await settle(owner, holder)
    const events = await app.store.hotRead.listEvents(conversationId, 0, 1_000)
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(1)
    holder.close()
  }, 60_000)

  test('an agent’s socket, too, survives it', async () => {
    const { conversationId } = await startChat()
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 8 }), async (frames) => {
        const peer = await app.openAgent(await app.addPerson())
        for (const [index, [type, fields]] of frames.entries()) {
          const text = JSON.stringify({ type, ref: `r${index}`, ...fields })
          peer.sendRaw(text.replaceAll('the-conversation', conversationId))
        }
        peer.sendRaw({ type: 'ping', ref: 'last' })
        await Promise.race([peer.next((answer) => answer['ref'] === 'last'), peer.closing()])
        expect(JSON.stringify(peer.frames)).not.toMatch(/"internal"|SQLITE|node:|\.ts:/)
        peer.close()
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

test('pages that hang up leave no open answers behind', async () => {
  const { token } = await startChat()
  async function openAndLeave() {
    const leaving = new AbortController()
    const { status } = await fetch(`${app.url}/w/${site.key}/unread`, {
      method: 'POST',
      body: token,
      headers: { 'content-type': 'text/plain', origin: shopOrigin },
      signal: leaving.signal,
    })
    leaving.abort()
    return status
  }
  // More than one address may hold open at once: were those kept that were left, the last would be refused.
  for (let round = 0; round < 3; round += 1) {
    const statuses = await Promise.all(Array.from({ length: 90 }, openAndLeave))
    expect(new Set(statuses)).toEqual(new Set([200]))
  }
})

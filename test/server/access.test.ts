import { randomBytes } from 'node:crypto'

import { nanoid } from 'nanoid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { agentCommandSchemas, visitorCommandSchemas } from '../../shared/protocol/commands.ts'
import {
  shopOrigin,
  startTestApp,
  testPassword,
  type TestApp,
  type TestPerson,
} from '../support/test-app.ts'

let app: TestApp
let people: Record<'agent' | 'supervisor' | 'admin', TestPerson>
let site: Awaited<ReturnType<TestApp['addSite']>>
beforeAll(async () => {
  app = await startTestApp()
  people = {
    agent: await app.addPerson('agent'),
    supervisor: await app.addPerson('supervisor'),
    admin: await app.addPerson('admin'),
  }
  site = await app.addSite()
})
afterAll(() => app.dispose())

/**
 * What each route answers to nobody, an agent, a supervisor, an admin, when the call itself makes no sense
 * (an empty body, an unknown id). A route that is missing here fails the test below.
 */
const nobody = 401
const expectations: Record<
  string,
  [nobody: number, agent: number, supervisor: number, admin: number]
> = {
  'GET /api/setup': [200, 200, 200, 200],
  'POST /api/setup': [400, 400, 400, 400],
  'POST /api/session': [400, 400, 400, 400],
  'GET /api/session': [nobody, 200, 200, 200],
  'DELETE /api/session': [nobody, 200, 200, 200],
  'POST /api/ticket': [nobody, 200, 200, 200],
  'PATCH /api/me': [nobody, 200, 200, 200],
  'POST /api/me/password': [nobody, 400, 400, 400],
  'GET /api/sessions': [nobody, 200, 200, 200],
  'DELETE /api/sessions/:id': [nobody, 404, 404, 404],
  'POST /api/invitations/look': [400, 400, 400, 400],
  'POST /api/invitations/accept': [400, 400, 400, 400],
  'GET /api/agents': [nobody, 403, 200, 200],
  'PATCH /api/agents/:id': [nobody, 403, 403, 404],
  'GET /api/invitations': [nobody, 403, 403, 200],
  'POST /api/invitations': [nobody, 403, 403, 400],
  'DELETE /api/invitations/:id': [nobody, 403, 403, 404],
  'GET /api/sites': [nobody, 200, 200, 200],
  'POST /api/sites': [nobody, 403, 403, 400],
  'PATCH /api/sites/:id': [nobody, 403, 403, 404],
  'GET /api/sites/:id/check': [nobody, 403, 404, 404],
  'GET /api/departments': [nobody, 200, 200, 200],
  'POST /api/departments': [nobody, 403, 403, 400],
  'PATCH /api/departments/:id': [nobody, 403, 403, 404],
}

test('every route of the table has an expectation, and none is expected that is not there', () => {
  expect(app.routes.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual(
    Object.keys(expectations).toSorted(),
  )
})

describe.each(Object.entries(expectations))('%s', (name, [forNobody, ...forPeople]) => {
  const [method = '', url = ''] = name.split(' ')
  const path = url.replace(':id', 'no-such-thing-here')
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} }
  const bare = method === 'DELETE' ? {} : { headers: { 'content-type': 'application/json' } }

  test('answers nobody as it should', async () => {
    const { status, json } = await app.request(method, path, { ...body, ...bare })
    expect(status).toBe(forNobody)
    if (status >= 400) expect(json).toHaveProperty('error.code')
  })

  test.each(['agent', 'supervisor', 'admin'] as const)(
    'answers an %s as it should',
    async (role) => {
      const person = name === 'DELETE /api/session' ? await app.addPerson(role) : people[role]
      const given = method === 'DELETE' ? { ...person, headers: withoutType(person) } : person
      const { status } = await app.request(method, path, { person: given, ...body })
      expect(status).toBe(forPeople[['agent', 'supervisor', 'admin'].indexOf(role)])
    },
  )

  if (method === 'GET') return

  test('refuses other origins', async () => {
    const { status, json } = await app.request(method, path, {
      person:
        method === 'DELETE'
          ? { ...people.admin, headers: withoutType(people.admin) }
          : people.admin,
      ...body,
      headers: { origin: 'https://evil.example' },
    })
    expect(status).toBe(403)
    expect(json).toHaveProperty('error.code', 'origin-not-allowed')
  })

  if (forNobody !== nobody) return

  test('wants the CSRF header', async () => {
    const { 'x-parley-csrf': _, ...headers } = people.admin.headers
    const person = {
      ...people.admin,
      headers: method === 'DELETE' ? withoutType({ ...people.admin, headers }) : headers,
    }
    const { status, json } = await app.request(method, path, { person, ...body })
    expect(status).toBe(403)
    expect(json).toHaveProperty('error.code', 'csrf')
  })
})

function withoutType({ headers }: TestPerson) {
  const { 'content-type': _, ...rest } = headers
  return rest
}

/* ---- commands ---- */

const newToken = () => randomBytes(32).toString('base64url')

async function startConversation() {
  const token = newToken()
  const wire = await app.openVisitor(site.key, token)
  const conversationId = nanoid()
  await wire.ask('message.send', { conversationId, clientId: nanoid(), text: 'Mine', start: {} })
  return { wire, token, conversationId }
}

/** Fields that make each command well-formed, for the conversation in question. */
const wellFormed = (conversationId: string): Record<string, object> => ({
  'message.send': { conversationId, clientId: nanoid(), text: 'Let me in' },
  'note.send': { conversationId, clientId: nanoid(), text: 'Let me in' },
  'conversation.resume': { conversationId, after: 0 },
  'conversation.details': { conversationId },
  'conversation.close': { conversationId },
  'conversation.reopen': { conversationId },
  'conversation.claim': { conversationId },
  'offer.accept': { conversationId, offerId: nanoid() },
  'offer.decline': { conversationId, offerId: nanoid() },
  'read.set': { conversationId, seq: 1 },
  'typing.set': { conversationId, isTyping: true },
  'contact.set': { conversationId, email: 'a@example.com' },
})
/** Commands that are about nobody else's conversation. */
const aboutSelf = new Set(['ping', 'page.set', 'conversation.list', 'status.set', 'capacity.set'])

describe('another visitor', () => {
  test.each(Object.keys(visitorCommandSchemas))('%s tells a stranger nothing', async (type) => {
    const { conversationId } = await startConversation()
    if (aboutSelf.has(type)) return
    const fields = wellFormed(conversationId)[type]
    expect(fields, 'every command needs a case here').toBeDefined()
    const stranger = await startConversation()
    const answer = await stranger.wire.ask(type, fields)
    const missing = await stranger.wire.ask(type, { ...fields, conversationId: nanoid() })
    expect(answer).toMatchObject({ type: 'failed', code: 'not-found' })
    expect({ ...answer, ref: '' }).toEqual({ ...missing, ref: '' })
  })

  test('with `start`, a stranger’s conversation is not found either', async () => {
    const { conversationId } = await startConversation()
    const stranger = await startConversation()
    const fields = { ...wellFormed(conversationId)['message.send'], start: {} }
    expect(await stranger.wire.ask('message.send', fields)).toMatchObject({ code: 'not-found' })
  })
})

describe('an agent of another department', () => {
  test.each(Object.keys(agentCommandSchemas))('%s tells an outsider nothing', async (type) => {
    if (aboutSelf.has(type)) return
    const { conversationId } = await startConversation()
    const outsider = await app.openAgent(await app.addPerson('agent', { departmentIds: [] }))
    const fields = wellFormed(conversationId)[type]
    expect(fields, 'every command needs a case here').toBeDefined()
    expect(await outsider.ask(type, fields)).toMatchObject({ type: 'failed', code: 'not-found' })
    const list = await outsider.ask('conversation.list', { view: 'queue' })
    expect(list['result']).toMatchObject({ rows: [] })
    outsider.close()
  })
})

test('a visitor’s frames hold nothing that is not theirs to see', async () => {
  const { wire, conversationId } = await startConversation()
  const person = await app.addPerson()
  const agent = await app.openAgent(person)
  await agent.ask('conversation.claim', { conversationId })
  await agent.ask('note.send', { conversationId, clientId: nanoid(), text: 'internal words' })
  await agent.ask('message.send', { conversationId, clientId: nanoid(), text: 'public words' })
  await wire.ask('conversation.resume', { conversationId, after: 0 })
  await wire.ask('conversation.list')
  const state = await wire.next(
    (frame) =>
      frame.type === 'conversation' &&
      (frame['conversation'] as { status: string }).status === 'active',
  )
  const all = JSON.stringify(wire.frames)
  expect(all).toContain('public words')
  for (const secret of ['internal words', person.email, 'token_hash', 'password', '127.0.0.1']) {
    expect(all).not.toContain(secret)
  }
  expect(Object.keys(state['conversation'] as object).toSorted()).toMatchInlineSnapshot(`
    [
      "agent",
      "agentReadSeq",
      "closedAt",
      "department",
      "id",
      "lastMessage",
      "lastSeq",
      "place",
      "startedAt",
      "status",
      "unread",
      "visitorReadSeq",
    ]
  `)
})

describe('sockets', () => {
  test('a page whose origin is not on the list is told so and shut out', async () => {
    const wire = await app.openVisitor(site.key, newToken(), { origin: 'https://evil.example' })
    expect(wire.frames[0]).toMatchObject({ type: 'bye', code: 'origin-not-allowed' })
    expect(await wire.closing()).toMatchObject({ code: 4403 })
  })

  test('a version that is not served is told so', async () => {
    const wire = await app.openVisitor(site.key, newToken(), { version: 1 })
    expect(wire.frames[0]).toMatchObject({ type: 'welcome', version: 1 })
  })

  test('a ticket opens one socket, once', async () => {
    const { json } = await app.request('POST', '/api/ticket', { person: people.agent, body: {} })
    const { openWire } = await import('../support/wire-client.ts')
    const hello = { type: 'hello', version: 1, ticket: json['ticket'] }
    const first = await openWire(`${app.url}/ws/agent`, app.config.publicUrl)
    first.sendRaw(hello)
    await first.next((frame) => frame.type === 'welcome')
    const second = await openWire(`${app.url}/ws/agent`, app.config.publicUrl)
    second.sendRaw(hello)
    expect(await second.next((frame) => frame.type === 'bye')).toMatchObject({ code: 'signed-out' })
    first.close()
  })

  test('the console’s socket wants the console’s own origin', async () => {
    const { openWire } = await import('../support/wire-client.ts')
    const wire = await openWire(`${app.url}/ws/agent`, shopOrigin)
    expect(await wire.closing()).toMatchObject({ code: 4403 })
  })
})

describe('[D11] what is revoked ends within two seconds', () => {
  const within = async (wire: Awaited<ReturnType<TestApp['openAgent']>>, since: number) => {
    await wire.closing()
    expect(Date.now() - since).toBeLessThan(2_000)
  }

  test('signing out', async () => {
    const person = await app.addPerson()
    const wire = await app.openAgent(person)
    const since = Date.now()
    await app.request('DELETE', '/api/session', {
      person: { ...person, headers: withoutType(person) },
    })
    await within(wire, since)
  })

  test('a new password', async () => {
    const person = await app.addPerson()
    const wire = await app.openAgent(person)
    const since = Date.now()
    const { status } = await app.request('POST', '/api/me/password', {
      person,
      body: { current: testPassword, next: 'another good password' },
    })
    expect(status).toBe(200)
    await within(wire, since)
  })

  test('a disabled agent, whose chats go back to the front of the queue', async () => {
    const person = await app.addPerson()
    const wire = await app.openAgent(person)
    const { conversationId } = await startConversation()
    await wire.ask('conversation.claim', { conversationId })
    const since = Date.now()
    await app.request('PATCH', `/api/agents/${person.id}`, {
      person: people.admin,
      body: { isDisabled: true },
    })
    await within(wire, since)
    await expect
      .poll(async () => (await app.store.hotRead.findConversation(conversationId))?.is_front)
      .toBe(1)
    const { status } = await app.request('GET', '/api/session', { person })
    expect(status).toBe(401)
  })

  test('a removed department', async () => {
    const person = await app.addPerson()
    const wire = await app.openAgent(person)
    const since = Date.now()
    await app.request('PATCH', `/api/agents/${person.id}`, {
      person: people.admin,
      body: { departmentIds: [] },
    })
    await within(wire, since)
    expect(wire.frames.at(-1)).toMatchObject({ type: 'bye', code: 'rights-changed' })
  })

  test('what another process wrote', async () => {
    const person = await app.addPerson()
    const wire = await app.openAgent(person)
    const { openSqliteStore } = await import('../../server/store/open.ts')
    const other = await openSqliteStore({
      dataDir: app.dataDir,
      now: Date.now,
      isExclusive: false,
      onFatal() {},
    })
    const since = Date.now()
    await other.transaction(async ({ db }) => {
      await db
        .updateTable('agent')
        .set({ disabled_at: since })
        .where('id', '=', person.id)
        .execute()
    })
    await within(wire, since)
    await other.close()
  })
})

describe('signing in', () => {
  const signIn = (email: string, password: string) =>
    app.request('POST', '/api/session', {
      body: { email, password },
      headers: { 'content-type': 'application/json' },
    })

  test('gives a cookie that scripts can’t read, and one message for a wrong name and a wrong password', async () => {
    const person = await app.addPerson()
    const good = await signIn(person.email.toUpperCase(), testPassword)
    expect(good.status).toBe(200)
    expect(good.headers.get('set-cookie')).toMatch(/HttpOnly/)
    expect(good.headers.get('set-cookie')).toMatch(/SameSite=Lax/)
    const wrongPassword = await signIn(person.email, 'not the password')
    const wrongName = await signIn('nobody@example.com', 'not the password')
    expect(wrongPassword.status).toBe(401)
    expect((wrongPassword.json['error'] as { message: string }).message).toBe(
      (wrongName.json['error'] as { message: string }).message,
    )
  })

  test('is slowed down after five wrong tries', async () => {
    const email = 'victim@example.com'
    for (let tries = 0; tries < 5; tries += 1) await signIn(email, 'guess')
    const { status, json } = await signIn(email, 'guess')
    expect(status).toBe(429)
    expect((json['error'] as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(0)
  })
})

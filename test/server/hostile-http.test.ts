import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { signIn as signInAction } from '../../server/actions/sign-in.ts'
import { endExpired } from '../../server/jobs/housekeeping.ts'
import { hashPassword } from '../../server/passwords.ts'
import { SignInGuard } from '../../server/rules/sign-in-guard.ts'
import { openRawPeer } from '../support/raw-peer.ts'
import {
  shopOrigin,
  startTestApp,
  testPassword,
  type TestApp,
  type TestPerson,
} from '../support/test-app.ts'
import { openWire } from '../support/wire-client.ts'

const logged: string[] = []
let app: TestApp
let admin: TestPerson
beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  app = await startTestApp({}, { log })
  admin = await app.addPerson('admin')
})
afterAll(() => app.dispose())

const errorOf = (json: Record<string, unknown>) =>
  json['error'] as { code: string; message: string; retryAfterMs?: number; field?: string }

/** Speaks HTTP as it is written, and gives all that came until the server hung up. */
function speak(text: string, patienceMs = 10_000) {
  return new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(text))
    let received = ''
    const timer = setTimeout(() => reject(new Error(`No end came: ${received}`)), patienceMs)
    socket.on('data', (bytes) => (received += String(bytes)))
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
  })
}

const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  app.request('POST', '/api/session', {
    body: { email, password },
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('bodies', () => {
  const post = (body: string, type = 'application/json') =>
    fetch(`${app.url}/api/session`, { method: 'POST', body, headers: { 'content-type': type } })

  test.each([
    ['a prototype', '{"__proto__":{"email":"a@example.com"},"password":"x"}', 400],
    ['a constructor', '{"constructor":{"prototype":{"x":1}},"email":"a","password":"b"}', 400],
    ['depth', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400],
    ['a field too many', '{"email":"a@example.com","password":"x","role":"admin"}', 400],
    ['the same field twice, the second no text', '{"email":"a","email":[],"password":"b"}', 400],
    ['objects for texts', '{"email":{"$ne":""},"password":{"$ne":""}}', 400],
    ['no JSON', '{"email"', 400],
    ['nothing', '', 400],
    ['null', 'null', 400],
    ['a number', '1e999', 400],
    ['too much', JSON.stringify({ email: 'a', password: 'x'.repeat(70_000) }), 413],
  ])('%s is refused in a sentence', async (_name, body, status) => {
    const response = await post(body)
    expect(response.status).toBe(status)
    const json = (await response.json()) as Record<string, unknown>
    expect(errorOf(json).code).toMatch(/^(bad-request|frame-too-large)$/)
    expect(JSON.stringify(json)).not.toMatch(/FST_|node:|at |Unexpected token|SQLITE/)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'what a form of another page can send is refused: %s',
    async (type) => {
      const { status } = await post('{"email":"a@example.com","password":"x"}', type)
      expect([400, 415]).toContain(status)
    },
  )
})

describe('what is hardly a request', () => {
  test.each([
    ['a broken escape', 'GET /console/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    [
      'a broken escape in an id',
      'GET /w/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
    ],
    [
      'a way out of the folder',
      'GET /w/assets/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      404,
    ],
    [
      'a way out without escapes',
      'GET /w/assets/../../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['NUL in a name', 'GET /w/assets/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    [
      'a very long id',
      `GET /api/sites/${'x'.repeat(3_000)}/check HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      400,
    ],
    ['a head that does not end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no HTTP', 'EHLO mail.example.com\r\n\r\n', 400],
    [
      'two lengths',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      400,
    ],
    [
      'length and chunks',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'an upgrade without a key',
      'GET /ws/visitor HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
      400,
    ],
  ])('%s is refused, and nothing of it repeated', async (_name, text, status) => {
    const answer = await speak(text)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).not.toMatch(/FST_|node_modules|at \w+ \(|%zz|%ff|root:|EHLO/)
  })

  test('an upgrade of what is no socket ends at once', async () => {
    const peer = await openRawPeer(`${app.url}/api/sites`, {
      Cookie: admin.headers['cookie'] ?? '',
    })
    await peer.ends()
    expect(peer.received()).not.toContain('"sites"')
  })

  test.each(['PUT', 'OPTIONS', 'PROPFIND'])('%s finds nothing', async (method) => {
    const { status, json } = await app.request(method, '/api/session')
    expect(status).toBe(404)
    expect(errorOf(json).code).toBe('not-found')
  })

  test('a request that comes letter by letter has an end', () => {
    const { requestTimeout, headersTimeout } = app.app.server
    expect(requestTimeout).toBeGreaterThan(0)
    expect(requestTimeout).toBeLessThanOrEqual(30_000)
    expect(headersTimeout).toBeGreaterThan(0)
    expect(headersTimeout).toBeLessThanOrEqual(30_000)
  })
})

describe('where it thinks it is', () => {
  test.each([
    { host: 'evil.example' },
    { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example' },
  ])('is configured, whatever a request says: %o', async (headers) => {
    const site = await app.addSite()
    for (const path of [`/w/${site.key}.js`, '/console/', '/', '/api/setup']) {
      const lines = Object.entries({ host: 'x', ...headers }).map(
        ([name, value]) => `${name}: ${value}`,
      )
      const answer = await speak(
        `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).not.toContain('evil.example')
    }
  })

  test('a redirect stays here', async () => {
    const answer = await speak(
      'GET /console//evil.example/%2e%2e HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    )
    const to = /location: (.*)\r/i.exec(answer)?.[1] ?? app.config.publicUrl
    expect(new URL(to, app.config.publicUrl).origin).toBe(app.config.publicUrl)
  })

  test('an address in a header that no proxy of ours wrote counts for nothing', async () => {
    const alone = await startTestApp()
    const signIn = (email: string, password: string, headers: Record<string, string>) =>
      alone.request('POST', '/api/session', {
        body: { email, password },
        headers: { 'content-type': 'application/json', ...headers },
      })
    for (let tries = 0; tries < 5; tries += 1) {
      await signIn('forwarded@example.com', 'guess', { 'x-forwarded-for': `198.51.100.${tries}` })
    }
    for (let tries = 0; tries < 15; tries += 1) {
      await signIn(`spray${tries}@example.com`, 'guess', {
        'x-forwarded-for': `203.0.113.${tries}`,
      })
    }
    const { status, json } = await signIn('spray-on@example.com', 'guess', {
      'x-forwarded-for': '203.0.113.250',
    })
    expect(status).toBe(429)
    expect(errorOf(json).retryAfterMs).toBeGreaterThan(0)
    await alone.dispose()
  })
})

describe('headers', () => {
  test.each([
    '/console/',
    '/console/settings',
    '/',
    '/api/session',
    '/healthz',
    '/nothing',
    '/w/nothing.js',
    '/%zz',
  ])('of %s allow no frame and no guessing of types', async (path) => {
    const { headers } = await app.request('GET', path)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('answers with somebody’s data are not kept, nor given to other origins', async () => {
    for (const path of ['/api/session', '/api/agents', '/api/sites']) {
      const { headers } = await app.request('GET', path, {
        person: admin,
        headers: { origin: 'https://evil.example' },
      })
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    }
  })
})

describe('behind HTTPS', () => {
  let secure: TestApp
  beforeAll(async () => {
    secure = await startTestApp({
      PUBLIC_URL: 'https://chat.example.com',
      TRUSTED_PROXIES: '127.0.0.1',
    })
  })
  afterAll(() => secure.dispose())

  test('the cookie belongs to this host alone and travels encrypted', async () => {
    const person = await secure.addPerson()
    const { status, headers } = await secure.request('POST', '/api/session', {
      body: { email: person.email, password: testPassword },
      headers: { 'content-type': 'application/json' },
    })
    expect(status).toBe(200)
    const cookie = headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^__Host-parley=[A-Za-z0-9_-]{43};/)
    for (const part of [/; Secure/, /; HttpOnly/, /; SameSite=Lax/, /; Path=\/(;|$)/]) {
      expect(cookie).toMatch(part)
    }
    expect(cookie).not.toMatch(/Domain/i)
    expect(headers.get('strict-transport-security')).toMatch(/max-age=/)
  })

  test('a cookie without the prefix, which any neighbour could have set, opens nothing', async () => {
    const { headers, sessionToken } = await secure.addPerson()
    const withName = (name: string) =>
      secure.request('GET', '/api/session', {
        headers: { ...headers, cookie: `${name}=${sessionToken}` },
      })
    expect((await withName('parley')).status).toBe(401)
    expect((await withName('__Host-parley')).status).toBe(200)
  })

  test('the console may speak to its own socket only', async () => {
    const { headers } = await secure.request('GET', '/console/')
    expect(headers.get('content-security-policy')).toContain(
      "connect-src 'self' wss://chat.example.com;",
    )
  })

  test('the proxy says who calls: one customer is slowed down, not all', async () => {
    const from = (address: string, email: string) =>
      secure.request('POST', '/api/session', {
        body: { email, password: 'guess' },
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      })
    for (let tries = 0; tries < 20; tries += 1) {
      await from(`2001:db8:0:1::${tries}`, `spray${tries}@example.com`)
    }
    expect((await from('2001:db8:0:1:ffff::1', 'spray-on@example.com')).status).toBe(429)
    expect((await from('2001:db8:0:2::1', 'somebody@example.com')).status).toBe(401)
  })
})

describe('sessions', () => {
  test('an old password that is still being checked opens nothing after the change', async () => {
    const person = await app.addPerson()
    const password_hash = await hashPassword('some other password')
    const trying = signInAction(app.context, new SignInGuard(), {
      email: person.email,
      password: testPassword,
      addressKey: '192.0.2.1',
      browser: null,
    })
    const outcome = trying.catch((error: unknown) => error)
    await app.store.transaction(({ db }) =>
      db.updateTable('agent').set({ password_hash }).where('id', '=', person.id).execute(),
    )
    expect(await outcome).toMatchObject({ code: 'wrong-credentials' })
  })

  test('two changes of a password at once: one wins', async () => {
    const person = await app.addPerson()
    const change = (next: string) =>
      app.request('POST', '/api/me/password', { person, body: { current: testPassword, next } })
    const answers = await Promise.all([change('the first new one'), change('the second new one')])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('one that ran out ends its sockets', async () => {
    const person = await app.addPerson()
    const wire = await app.openAgent(person)
    await app.store.transaction(({ db }) =>
      db
        .updateTable('session')
        .set({ expires_at: Date.now() - 1 })
        .where('agent_id', '=', person.id)
        .execute(),
    )
    await endExpired(app.context)
    expect(await wire.closing()).toMatchObject({ code: 4401 })
  })

  test('are not somebody else’s to end', async () => {
    const [one, other] = [await app.addPerson(), await app.addPerson('admin')]
    const { json } = await app.request('GET', '/api/sessions', { person: one })
    const [{ id }] = json['sessions'] as [{ id: string }]
    const { 'content-type': _, ...headers } = other.headers
    const { status } = await app.request('DELETE', `/api/sessions/${id}`, {
      person: { ...other, headers },
    })
    expect(status).toBe(404)
    expect((await app.request('GET', '/api/session', { person: one })).status).toBe(200)
  })

  test('the CSRF value of one opens no other', async () => {
    const [one, other] = [await app.addPerson(), await app.addPerson()]
    const csrf = other.headers['x-parley-csrf'] ?? ''
    const { status, json } = await app.request('PATCH', '/api/me', {
      person: { ...one, headers: { ...one.headers, 'x-parley-csrf': csrf } },
      body: { name: 'Changed' },
    })
    expect(status).toBe(403)
    expect(errorOf(json).code).toBe('csrf')
  })
})

describe('links', () => {
  const accept = (token: string, email: string) =>
    app.request('POST', '/api/invitations/accept', {
      body: { token, name: 'New', email, password: testPassword },
      headers: { 'content-type': 'application/json' },
    })
  const invite = async () => {
    const { json } = await app.request('POST', '/api/invitations', {
      person: admin,
      body: { role: 'agent' },
    })
    const link = new URL(json['link'] as string)
    return { link, token: link.hash.slice(1), id: (json['invitation'] as { id: string }).id }
  }

  test('carry their secret where no server and no log sees it', async () => {
    const { link, token } = await invite()
    expect(token.length).toBeGreaterThanOrEqual(43)
    expect(link.pathname + link.search).not.toContain(token)
    const { text } = await app.request('GET', '/api/invitations', { person: admin })
    expect(text).not.toContain(token)
  })

  test('an invitation makes one person, however many come with it at once', async () => {
    const { token } = await invite()
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, count) => accept(token, `racer${count}@example.com`)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, json } of answers.filter(({ status }) => status !== 200)) {
      expect(status).toBe(403)
      expect(errorOf(json).code).toBe('wrong-link')
    }
  })

  test('an invitation that failed for its address can be used with another', async () => {
    const { token } = await invite()
    expect((await accept(token, admin.email)).status).toBe(409)
    expect((await accept(token, 'late@example.com')).status).toBe(200)
  })

  test('a withdrawn one and one of the other kind are wrong', async () => {
    const { token, id } = await invite()
    const { 'content-type': _, ...headers } = admin.headers
    await app.request('DELETE', `/api/invitations/${id}`, { person: { ...admin, headers } })
    expect((await accept(token, 'withdrawn@example.com')).status).toBe(403)
    const other = await invite()
    const { status } = await app.request('POST', '/api/setup', {
      body: { token: other.token, name: 'X', email: 'x@example.com', password: testPassword },
      headers: { 'content-type': 'application/json' },
    })
    expect(status).toBe(403)
  })

  test('two admins who demote each other at once leave one', async () => {
    const lonely = await startTestApp()
    const [one, other] = [await lonely.addPerson('admin'), await lonely.addPerson('admin')]
    const demote = (person: TestPerson, id: string) =>
      lonely.request('PATCH', `/api/agents/${id}`, { person, body: { role: 'agent' } })
    await Promise.all([demote(one, other.id), demote(other, one.id)])
    const admins = await lonely.store.read
      .selectFrom('agent')
      .select('id')
      .where('role', '=', 'admin')
      .execute()
    expect(admins.length).toBeGreaterThanOrEqual(1)
    await lonely.dispose()
  })
})

describe('the script and the count of a page', () => {
  test('names cannot break out of the script', async () => {
    const nasty = `$& </script>'"\`\${1}`
    const site = await app.addSite(nasty)
    const { text } = await app.request('GET', `/w/${site.key}.js`)
    const config = /config=(\{.*\})\}\)\(\)/.exec(text)?.[1] ?? ''
    expect(JSON.parse(config)).toMatchObject({ siteName: nasty, key: site.key })
  })

  test.each(['__proto__.js', 'constructor.js', '..%2fconsole.js', `${'a'.repeat(32)}.js`, '.js'])(
    '%s is no site’s script',
    async (file) => {
      const { status, text } = await app.request('GET', `/w/${file}`)
      expect(status).toBe(404)
      expect(text).not.toContain('config=')
    },
  )

  test('the count tells a stranger of no visitor, no other origin and no conversation', async () => {
    const site = await app.addSite()
    const ask = (body: string, origin: string | undefined = shopOrigin) =>
      fetch(`${app.url}/w/${site.key}/unread`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain', ...(origin ? { origin } : {}) },
      })
    const stranger = await ask('A'.repeat(43))
    expect(await stranger.json()).toEqual({ unread: 0, isOpen: false })
    expect(stranger.headers.get('access-control-allow-origin')).toBe(shopOrigin)
    expect(stranger.headers.get('access-control-allow-credentials')).toBeNull()
    const elsewhere = await ask('A'.repeat(43), 'https://evil.example')
    expect(elsewhere.status).toBe(403)
    expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull()
    expect((await ask('x')).status).toBe(400)
    expect((await ask('x'.repeat(300))).status).toBe(413)
  })
})

describe('origins of a site', () => {
  test('are kept as browsers send them', async () => {
    const { json } = await app.request('POST', '/api/sites', {
      person: admin,
      body: { name: 'Spelling', origins: ['https://Bücher.example:443/'] },
    })
    expect(json['origins']).toEqual(['https://xn--bcher-kva.example'])
    const wire = await openWire(`${app.url}/ws/visitor`, 'https://xn--bcher-kva.example')
    wire.sendRaw({ type: 'hello', version: 1, site: json['key'], token: 'B'.repeat(43) })
    await wire.next(({ type }) => type === 'welcome')
    wire.close()
  })

  test.each(['null', '*', 'https://*.example.com', 'javascript:alert(1)', 'https://a..b:99999'])(
    '%s is none',
    async (origin) => {
      const { status } = await app.request('POST', '/api/sites', {
        person: admin,
        body: { name: 'Wrong', origins: [origin] },
      })
      expect(status).toBe(400)
    },
  )
})

test('a flood of sign-ins delays no message', async () => {
  const flooded = await startTestApp()
  const site = await flooded.addSite()
  const wire = await flooded.openVisitor(site.key, 'C'.repeat(43))
  const flood = Array.from({ length: 200 }, (_, count) =>
    flooded.request('POST', '/api/session', {
      body: { email: `flood${count}@example.com`, password: 'guess' },
      headers: { 'content-type': 'application/json' },
    }),
  )
  const waits: number[] = []
  for (let count = 0; count < 10; count += 1) {
    const since = performance.now()
    const answer = await wire.ask('message.send', {
      conversationId: 'flooded-conversation',
      clientId: `flooded-${count}`,
      text: 'Is anybody there?',
      start: {},
    })
    expect(answer.type).toBe('ok')
    waits.push(performance.now() - since)
  }
  expect(waits.toSorted((one, other) => one - other)[5]).toBeLessThan(500)
  const answers = await Promise.all(flood)
  for (const { status, json } of answers.filter(({ status }) => status !== 401)) {
    expect(status).toBe(429)
    expect(errorOf(json).retryAfterMs).toBeGreaterThan(0)
  }
  await flooded.dispose()
})

test('files of the data folder are for this user alone', () => {
  for (const name of ['parley.db', 'parley.db-wal', 'parley.db-shm', 'server.lock']) {
    expect(statSync(join(app.dataDir, name)).mode & 0o077, name).toBe(0)
  }
})

test('the log, at its most talkative, holds no words and no secrets', async () => {
  const site = await app.addSite()
  const token = 'D'.repeat(43)
  const wire = await app.openVisitor(site.key, token)
  const send = { conversationId: 'logged-conversation', clientId: 'logged-id', start: {} }
  await wire.ask('message.send', { ...send, text: 'my-private-words' })
  await wire.ask('message.send', {
    ...send,
    text: 'my-private-words',
    nonsense: 'my-private-words',
  })
  await wire.ask('my-private-words')
  await signIn('my-private-mail@example.com', 'my-private-words')
  const peer = await openRawPeer(`${app.url}/ws/visitor`, { Cookie: 'parley=my-private-words' })
  peer.socket.destroy()
  await speak('GET / HTTP/9.9\r\nCookie: parley=my-private-words\r\n\r\n')
  await speak('GET /%zz?my-private-words HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  await speak(
    'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 18\r\nConnection: close\r\n\r\n{"my-private-words',
  )
  const all = logged.join('')
  expect(all).not.toBe('')
  for (const secret of ['my-private', token, admin.sessionToken, testPassword]) {
    expect(all).not.toContain(secret)
  }
})

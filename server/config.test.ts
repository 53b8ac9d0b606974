import { isAbsolute } from 'node:path'

import { expect, test } from 'vitest'

import { ConfigError, readConfig } from './config.ts'

test('an empty environment gives the documented defaults', () => {
  const config = readConfig({})
  expect(config).toEqual({
    port: 3000,
    host: '127.0.0.1',
    demoPort: 3001,
    publicUrl: 'http://localhost:3000',
    isSecure: false,
    dataDir: expect.stringMatching(/data$/),
    trustedProxies: [],
    logLevel: 'info',
    offerMs: 30_000,
    graceMs: 60_000,
    drainMs: 4_000,
    notices: [],
  })
  expect(isAbsolute(config.dataDir)).toBe(true)
})

test('what follows from the port follows it', () => {
  expect(readConfig({ PORT: '8080' })).toMatchObject({
    demoPort: 8081,
    publicUrl: 'http://localhost:8080',
  })
})

test('a variable that is set to nothing counts as not set', () => {
  expect(readConfig({ PORT: '', DATA_DIR: ' ', DATABASE_URL: '' }).port).toBe(3000)
})

test.for([
  ['https://chat.example.com/', 'https://chat.example.com', true],
  ['http://chat.example.com:8080', 'http://chat.example.com:8080', false],
  ['HTTPS://Chat.Example.com:443', 'https://chat.example.com', true],
] as const)('PUBLIC_URL %s is kept as %s', ([given, publicUrl, isSecure]) => {
  expect(readConfig({ PUBLIC_URL: given })).toMatchObject({ publicUrl, isSecure })
})

test('proxies may be addresses and ranges of both families', () => {
  const given = '127.0.0.1, 10.0.0.0/8 ::1,fd00::/8'
  expect(readConfig({ TRUSTED_PROXIES: given }).trustedProxies).toEqual([
    '127.0.0.1',
    '10.0.0.0/8',
    '::1',
    'fd00::/8',
  ])
})

test('e-mail settings are taken, and it is said that nothing is sent yet', () => {
  const config = readConfig({
    SMTP_URL: 'smtps://user:pass@mail.example.com:465',
    MAIL_FROM: 'Example Shop <chat@example.com>',
  })
  expect(config.mailFrom).toBe('Example Shop <chat@example.com>')
  expect(config.notices).toHaveLength(1)
})

test.for([
  ['PORT', 'abc'],
  ['PORT', '0'],
  ['PORT', '65536'],
  ['PORT', '3000.5'],
  ['PORT', '-1'],
  ['PORT', '0x10'],
  ['HOST', 'http://localhost'],
  ['DEMO_PORT', 'no'],
  ['DEMO_PORT', '3000'],
  ['PUBLIC_URL', 'chat.example.com'],
  ['PUBLIC_URL', 'ftp://chat.example.com'],
  ['PUBLIC_URL', 'https://chat.example.com/parley'],
  ['PUBLIC_URL', 'https://me:secret@chat.example.com'],
  ['TRUSTED_PROXIES', 'proxy.example.com'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', '0.0.0.0/0'],
  ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
  ['DATABASE_URL', 'postgres://localhost/parley'],
  ['SMTP_URL', 'mail.example.com'],
  ['SMTP_URL', 'smtp://mail.example.com'],
  ['MAIL_FROM', 'nobody'],
  ['MAIL_FROM', 'A <a@b> <c@d>'],
  ['LOG_LEVEL', 'loud'],
  ['OFFER_MS', '5s'],
  ['GRACE_MS', '-5'],
  ['DRAIN_MS', '60000'],
] as const)(
  '%s=%s is refused with one sentence that names it and ends with a remedy',
  ([name, value]) => {
    const [mistake, ...more] = mistakesOf({ [name]: value })
    expect(more).toEqual([])
    expect(mistake).toContain(name)
    expect(mistake).toMatch(/(Set|Remove) .+\.$/)
  },
)

test('every mistake is told at once', () => {
  expect(mistakesOf({ PORT: 'x', LOG_LEVEL: 'y', OFFER_MS: 'z' })).toHaveLength(3)
})

test('the port above the last one is no demo port', () => {
  expect(mistakesOf({ PORT: '65535' })).toHaveLength(1)
  expect(readConfig({ PORT: '65535', DEMO_PORT: 'off' }).demoPort).toBe('off')
})

test('passwords in addresses are never repeated', () => {
  const mistakes = mistakesOf({
    DATABASE_URL: 'postgres://me:hunter2@db/parley',
    SMTP_URL: 'http://me:hunter2@mail',
    PUBLIC_URL: 'https://me:hunter2@chat.example.com',
  })
  expect(mistakes).toHaveLength(3)
  expect(mistakes.join()).not.toContain('hunter2')
})

function mistakesOf(env: Record<string, string>) {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  throw new Error('The environment was accepted.')
}

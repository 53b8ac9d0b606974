import { isIP } from 'node:net'
import { resolve } from 'node:path'

import * as v from 'valibot'

/** What the operator decided, checked: the rest of the server never reads the environment. */
export interface Config {
  port: number
  host: string
  demoPort: number | 'off'
  /** The server's own origin as people reach it, without a trailing slash. Never taken from a request. */
  publicUrl: string
  /** Whether people reach it over HTTPS: decides about cookies and the scheme of sockets. */
  isSecure: boolean
  /** Absolute. */
  dataDir: string
  /** Addresses and CIDR ranges whose forwarding headers count. */
  trustedProxies: string[]
  smtpUrl?: string
  mailFrom?: string
  logLevel: LogLevel
  /** How long an agent has to answer an offer. */
  offerMs: number
  /** How long a lost agent keeps their chats. */
  graceMs: number
  /** Over how long clients are told to come back when the process is asked to stop. */
  drainMs: number
  /** What is set but does nothing yet: to be said at start. */
  notices: string[]
}

/** The environment holds mistakes: one sentence for each, fit to be shown as they are. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Says what is wrong and how to mend it. The value is repeated, because a typing error is easier seen than told. */
const wrong = (claim: string, remedy: string) => (issue: v.BaseIssue<unknown>) => {
  // This line ends in logs: a user and a password that strayed into an address stay out of them.
  const value = String(issue.input).replace(/\/\/[^/@]*@/, '//…@')
  return `${claim}, but it is ${JSON.stringify(value)}. ${remedy}`
}

const wholeNumber = (min: number, max: number, message: (issue: v.BaseIssue<unknown>) => string) =>
  v.pipe(
    v.string(),
    v.check(
      (text) => /^\d{1,12}$/.test(text) && Number(text) >= min && Number(text) <= max,
      message,
    ),
    v.transform(Number),
  )

const milliseconds = (name: string, min: number, max: number, usual: number) =>
  wholeNumber(
    min,
    max,
    wrong(
      `${name} must be a whole number of milliseconds from ${min} to ${max}`,
      `Set ${name}=${usual}, or leave it out.`,
    ),
  )

const hostName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i
const mailAddress = /^[^\s@<>"]+@[^\s@<>"]+$/

const environmentSchema = v.object({
  PORT: v.optional(
    wholeNumber(
      1,
      65_535,
      wrong('PORT must be a number from 1 to 65535', 'Set PORT=3000, or leave it out.'),
    ),
    '3000',
  ),
  HOST: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (text) => isIP(text) !== 0 || hostName.test(text),
        wrong(
          'HOST must be an address to listen on',
          'Set HOST=127.0.0.1 for this machine only, or HOST=0.0.0.0 for all networks.',
        ),
      ),
    ),
    '127.0.0.1',
  ),
  DEMO_PORT: v.optional(
    v.union(
      [
        v.literal('off'),
        wholeNumber(1, 65_535, wrong('DEMO_PORT is not a port', 'Set another one.')),
      ],
      wrong(
        'DEMO_PORT must be a number from 1 to 65535, or "off"',
        'Set DEMO_PORT=off to run without the demo shop, or leave it out.',
      ),
    ),
  ),
  PUBLIC_URL: v.optional(
    v.pipe(
      v.string(),
      v.check(
        isOrigin,
        wrong(
          'PUBLIC_URL must be the address under which people reach this server, with http:// or https:// and without a path',
          'Set it like PUBLIC_URL=https://chat.example.com.',
        ),
      ),
      v.transform((text) => new URL(text).origin),
    ),
  ),
  DATA_DIR: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (text) => !text.includes('\0'),
        wrong('DATA_DIR must be a folder', 'Set it like DATA_DIR=/var/lib/parley.'),
      ),
    ),
    './data',
  ),
  DATABASE_URL: v.optional(
    v.pipe(
      v.string(),
      // Never repeated: it holds a password.
      v.check(
        () => false,
        'DATABASE_URL is set, but this version keeps its data in SQLite only. Remove DATABASE_URL; the data is then in DATA_DIR.',
      ),
    ),
  ),
  TRUSTED_PROXIES: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(/[\s,]+/).filter((part) => part !== '')),
      v.checkItems(
        isRange,
        wrong(
          'TRUSTED_PROXIES must list addresses or ranges of your own proxies, with commas between them',
          'Set it like TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8. A range that holds every address is refused: anybody could then claim to be anyone.',
        ),
      ),
    ),
    '',
  ),
  SMTP_URL: v.optional(
    v.pipe(
      v.string(),
      // Never repeated: it may hold a password.
      v.check(
        isMailServer,
        'SMTP_URL must be the address of a mail server. Set it like SMTP_URL=smtps://user:password@mail.example.com:465, with special characters in the password percent-encoded.',
      ),
    ),
  ),
  MAIL_FROM: v.optional(
    v.pipe(
      v.string(),
      v.check(
        isSender,
        wrong(
          'MAIL_FROM must be an e-mail address, with or without a name',
          'Set it like MAIL_FROM="Example Shop <chat@example.com>".',
        ),
      ),
    ),
  ),
  LOG_LEVEL: v.optional(
    v.picklist(
      logLevels,
      wrong(
        `LOG_LEVEL must be one of ${logLevels.join(', ')}`,
        'Set LOG_LEVEL=info, or leave it out.',
      ),
    ),
    'info',
  ),
  OFFER_MS: v.optional(milliseconds('OFFER_MS', 100, 3_600_000, 30_000), '30000'),
  GRACE_MS: v.optional(milliseconds('GRACE_MS', 0, 3_600_000, 60_000), '60000'),
  DRAIN_MS: v.optional(milliseconds('DRAIN_MS', 0, 8_000, 4_000), '4000'),
})

/** Reads the environment. Throws a ConfigError with one sentence for each mistake. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = v.safeParse(environmentSchema, withoutBlanks(env), { abortPipeEarly: true })
  if (!parsed.success) throw new ConfigError(parsed.issues.map((issue) => issue.message))

  const set = parsed.output
  const demoPort = set.DEMO_PORT ?? set.PORT + 1
  const publicUrl = set.PUBLIC_URL ?? `http://localhost:${set.PORT}`
  const mistakes: string[] = []
  if (demoPort === set.PORT) {
    mistakes.push(
      `DEMO_PORT is ${set.PORT}, the same as PORT. Set another one, or DEMO_PORT=off to run without the demo shop.`,
    )
  }
  if (demoPort !== 'off' && demoPort > 65_535) {
    mistakes.push(
      `DEMO_PORT is PORT + 1 unless it is set, and ${demoPort} is no port. Set DEMO_PORT, or DEMO_PORT=off to run without the demo shop.`,
    )
  }
  if (set.SMTP_URL && !set.MAIL_FROM) {
    mistakes.push(
      'SMTP_URL is set, but MAIL_FROM is not. Set it like MAIL_FROM="Example Shop <chat@example.com>".',
    )
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)

  const notices = set.SMTP_URL
    ? ['SMTP_URL and MAIL_FROM are checked, but this version does not send e-mail yet.']
    : []
  return {
    port: set.PORT,
    host: set.HOST,
    demoPort,
    publicUrl,
    isSecure: publicUrl.startsWith('https:'),
    dataDir: resolve(set.DATA_DIR),
    trustedProxies: set.TRUSTED_PROXIES,
    ...(set.SMTP_URL ? { smtpUrl: set.SMTP_URL } : {}),
    ...(set.MAIL_FROM ? { mailFrom: set.MAIL_FROM } : {}),
    logLevel: set.LOG_LEVEL,
    offerMs: set.OFFER_MS,
    graceMs: set.GRACE_MS,
    drainMs: set.DRAIN_MS,
    notices,
  }
}

/** A variable that is set to nothing counts as not set: that is how compose files and unit files leave one out. */
function withoutBlanks(env: Record<string, string | undefined>) {
  return Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  )
}

/**
 * A path is refused: `__Host-` cookies and the console's addresses belong to a host as a whole,
 * so Parley wants a host name (or a port) of its own.
 */
function isOrigin(text: string) {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const isBare = url.pathname === '/' && url.search === '' && url.hash === ''
  const hasUser = url.username !== '' || url.password !== ''
  return ['http:', 'https:'].includes(url.protocol) && isBare && !hasUser
}

function isRange(text: string) {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128)
}

function isMailServer(text: string) {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return ['smtp:', 'smtps:'].includes(protocol) && hostname !== ''
}

function isSender(text: string) {
  const named = /^[^<>\r\n]*<([^<>]+)>$/.exec(text)
  return mailAddress.test(named?.[1] ?? text)
}

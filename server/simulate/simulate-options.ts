import { parseArgs } from 'node:util'

/** What `parley simulate` was asked to do. */
export interface SimulateArguments {
  visitors: number
  agents: number
  minutes: number
  /** Undefined: the installation of this machine, at its own address. */
  url: string | undefined
  /** Whom to play; undefined: people that are made in the installation of this machine. */
  remote: Remote | undefined
  publicUrl: string | undefined
  seed: number
  pace: number
  capacity: number
  isJson: boolean
}

/** A site and agents that are there already. */
export interface Remote {
  url: string
  site: { key: string; origin: string }
  agents: { email: string; password: string }[]
}

/** The arguments make no sense; the message says which and what would. */
export class SimulateUsageError extends Error {
  override name = 'SimulateUsageError'
}

/** Reads the command line of `parley simulate`. */
export function parseSimulateArguments(argv: readonly string[]): SimulateArguments {
  const { values } = parse(argv)
  const url = values.url === undefined ? undefined : toAddress('--url', values.url)
  const credentials = (values.agent ?? []).map(toCredentials)
  const isRemote = values.site !== undefined || credentials.length > 0
  if (isRemote) {
    if (url === undefined) throw new SimulateUsageError('Say which server: --url ADDRESS')
    if (!values.site) throw new SimulateUsageError('Say which site the visitors are on: --site KEY')
    if (!values.origin) {
      throw new SimulateUsageError('Say from which of the site’s origins: --origin ORIGIN')
    }
    if (credentials.length === 0) {
      throw new SimulateUsageError('Say who the agents are: --agent EMAIL:PASSWORD')
    }
  }
  return {
    visitors: toNumber('--visitors', values.visitors ?? '10', 1, 5_000, true),
    agents: toNumber('--agents', values.agents ?? String(credentials.length || 3), 1, 200, true),
    minutes: toNumber('--minutes', values.minutes ?? '1', 0.05, 24 * 60),
    url,
    publicUrl:
      values['public-url'] === undefined
        ? undefined
        : toAddress('--public-url', values['public-url']),
    remote:
      url !== undefined && values.site !== undefined && values.origin !== undefined && isRemote
        ? { url, site: { key: values.site, origin: values.origin }, agents: credentials }
        : undefined,
    seed: toNumber(
      '--seed',
      values.seed ?? String(Math.floor(Math.random() * 1e9)),
      0,
      2 ** 32,
      true,
    ),
    pace: toNumber('--pace', values.pace ?? '1', 0.1, 100),
    capacity: toNumber('--capacity', values.capacity ?? '4', 1, 50, true),
    isJson: values.json ?? false,
  }
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...argv],
      options: {
        visitors: text,
        agents: text,
        minutes: text,
        url: text,
        'public-url': text,
        site: text,
        origin: text,
        agent: { type: 'string', multiple: true },
        seed: text,
        pace: text,
        capacity: text,
        json: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new SimulateUsageError(error instanceof Error ? error.message : String(error))
  }
}

function toNumber(name: string, value: string, min: number, max: number, isWhole = false) {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (!(number >= min && number <= max) || (isWhole && !Number.isInteger(number))) {
    const kind = isWhole ? 'a whole number' : 'a number'
    throw new SimulateUsageError(`${name} must be ${kind} from ${min} to ${max}, not "${value}".`)
  }
  return number
}

function toAddress(name: string, value: string) {
  if (URL.canParse(value)) {
    const { protocol, origin, pathname } = new URL(value)
    if ((protocol === 'http:' || protocol === 'https:') && pathname === '/') return origin
  }
  throw new SimulateUsageError(`${name} must be like https://chat.example.com, not "${value}".`)
}

/** Only the first colon divides: passwords may have more. */
function toCredentials(value: string) {
  const at = value.indexOf(':')
  if (at < 1 || at === value.length - 1) {
    throw new SimulateUsageError('--agent must be EMAIL:PASSWORD.')
  }
  return { email: value.slice(0, at), password: value.slice(at + 1) }
}

import { parseArgs } from 'node:util'

/** What `parley simulate` was asked to do. */
export interface SimulateArguments {
  visitors: number
  agents: number
  minutes: number
  /** Undefined: the installation of this machine. */
  url: string | undefined
  publicUrl: string | undefined
  site: string | undefined
  origin: string | undefined
  credentials: { email: string; password: string }[]
  seed: number
  pace: number
  capacity: number
  isJson: boolean
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
  if (url !== undefined) {
    if (!values.site) throw new SimulateUsageError('With --url, say which site: --site KEY')
    if (!values.origin) {
      throw new SimulateUsageError(
        'With --url, say from which of the site’s origins: --origin ORIGIN',
      )
    }
    if (credentials.length === 0) {
      throw new SimulateUsageError('With --url, say who the agents are: --agent EMAIL:PASSWORD')
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
    site: values.site,
    origin: values.origin,
    credentials,
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

/** Tries that cost nothing: for an account, and from an address, behind which a whole office may sit. */
const freeTries = { account: 5, address: 20 }
const forgetMs = 15 * 60_000
const longestMs = 60_000
/** Past this many the longest ago are forgotten: what strangers send must not fill the memory. */
const maxRemembered = 20_000

export interface Attempt {
  /** One spelling per account, whether there is such an account or not. */
  account: string
  address: string
}

interface Failures {
  count: number
  lastAt: number
}

/**
 * Slows guessing down: after five failures for an account, or twenty from an address, each next try waits twice as
 * long, to a minute. Who signed in from an address before is counted there alone, so that nobody can be kept out by
 * strangers who guess at their account all day.
 */
export class SignInGuard {
  /** Ordered by the last failure: what is set again moves to the end. */
  readonly #failures = new Map<string, Failures>()
  /** Accounts with addresses from which their password was given. */
  readonly #homes = new Set<string>()

  /** Milliseconds to wait before the next try; 0 when it may go ahead. */
  waitMs(attempt: Attempt, now: number): number {
    return Math.max(
      0,
      this.#waitOf(this.#accountKey(attempt), freeTries.account, now),
      this.#waitOf(addressKey(attempt), freeTries.address, now),
    )
  }

  failed(attempt: Attempt, now: number) {
    for (const key of [this.#accountKey(attempt), addressKey(attempt)]) {
      const known = this.#failures.get(key)
      const count = known && now - known.lastAt < forgetMs ? known.count + 1 : 1
      this.#failures.delete(key)
      this.#failures.set(key, { count, lastAt: now })
    }
    forgetOldest(this.#failures)
  }

  /** Takes back what `failed` counted before it was known. The address keeps its other failures: they were for others. */
  succeeded(attempt: Attempt) {
    this.#failures.delete(this.#accountKey(attempt))
    const atAddress = this.#failures.get(addressKey(attempt))
    if (atAddress) atAddress.count -= 1
    this.#homes.delete(homeKey(attempt))
    this.#homes.add(homeKey(attempt))
    forgetOldest(this.#homes)
  }

  get size() {
    return this.#failures.size + this.#homes.size
  }

  #accountKey(attempt: Attempt) {
    const home = homeKey(attempt)
    return this.#homes.has(home) ? `home ${home}` : `account ${attempt.account}`
  }

  #waitOf(key: string, free: number, now: number) {
    const known = this.#failures.get(key)
    if (!known || known.count < free) return 0
    return known.lastAt + Math.min(longestMs, 1_000 * 2 ** (known.count - free)) - now
  }
}

const addressKey = ({ address }: Attempt) => `address ${address}`
const homeKey = ({ account, address }: Attempt) => `${address} ${account}`

/** Forgets the oldest tenth when there are too many: rarely much work instead of some at every try. */
function forgetOldest(known: Pick<Map<string, unknown>, 'size' | 'keys' | 'delete'>) {
  if (known.size <= maxRemembered) return
  let left = maxRemembered / 10
  for (const key of known.keys()) {
    known.delete(key)
    left -= 1
    if (left <= 0) return
  }
}

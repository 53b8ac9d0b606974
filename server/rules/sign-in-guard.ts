const freeTries = 5
const forgetMs = 15 * 60_000
const longestMs = 60_000

interface Failures {
  count: number
  lastAt: number
}

/**
 * Slows guessing down: after five failures for an account or from an address, each next try waits twice as long,
 * to a minute. Nobody is locked out for good, so nobody can be locked out by others.
 */
export class SignInGuard {
  readonly #failures = new Map<string, Failures>()

  /** Milliseconds to wait before the next try; 0 when it may go ahead. */
  waitMs(keys: readonly string[], now: number): number {
    return Math.max(0, ...keys.map((key) => this.#waitOf(key, now)))
  }

  failed(keys: readonly string[], now: number) {
    for (const key of keys) {
      const known = this.#failures.get(key)
      const count = known && now - known.lastAt < forgetMs ? known.count + 1 : 1
      this.#failures.set(key, { count, lastAt: now })
    }
    if (this.#failures.size > 10_000) this.#sweep(now)
  }

  succeeded(keys: readonly string[]) {
    for (const key of keys) this.#failures.delete(key)
  }

  #waitOf(key: string, now: number) {
    const known = this.#failures.get(key)
    if (!known || known.count < freeTries) return 0
    const delay = Math.min(longestMs, 1_000 * 2 ** (known.count - freeTries))
    return known.lastAt + delay - now
  }

  #sweep(now: number) {
    for (const [key, { lastAt }] of this.#failures) {
      if (now - lastAt >= forgetMs) this.#failures.delete(key)
    }
  }
}

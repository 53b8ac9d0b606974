/** How many each key holds at once, up to a limit; keys that hold nothing are forgotten. */
export class Tally {
  readonly #counts = new Map<string, number>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Counts one more; false, and nothing is counted, when the key holds as many as it may. */
  take(key: string): boolean {
    const count = this.#counts.get(key) ?? 0
    if (count >= this.#limit) return false
    this.#counts.set(key, count + 1)
    return true
  }

  give(key: string) {
    const count = this.#counts.get(key) ?? 0
    if (count > 1) this.#counts.set(key, count - 1)
    else this.#counts.delete(key)
  }

  get size() {
    return this.#counts.size
  }
}

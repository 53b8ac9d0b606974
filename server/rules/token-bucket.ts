export interface BucketRule {
  /** How many at once. */
  burst: number
  /** How many more per second. */
  perSecond: number
}

interface Bucket {
  tokens: number
  at: number
}

/** So many are kept before it is looked for the first time which can be forgotten. */
const fewestSwept = 1_000

/** Buckets by key, for limits per address or per account. Full buckets are forgotten, so memory stays bounded by who is busy. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>()
  readonly #rule: BucketRule
  #sweepAt = fewestSwept

  constructor(rule: BucketRule) {
    this.#rule = rule
  }

  /** Takes one; 0 when there was one, otherwise the milliseconds until there is. */
  take(key: string, now: number): number {
    const { burst, perSecond } = this.#rule
    if (this.#buckets.size >= this.#sweepAt) this.sweep(now)
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now }
    bucket.tokens = this.#filled(bucket, now)
    bucket.at = now
    this.#buckets.set(key, bucket)
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1_000)
    bucket.tokens -= 1
    return 0
  }

  /** Forgets those that are full again. Done now and then by `take`: when there are twice as many as were left last time. */
  sweep(now: number) {
    for (const [key, bucket] of this.#buckets) {
      if (this.#filled(bucket, now) >= this.#rule.burst) this.#buckets.delete(key)
    }
    this.#sweepAt = Math.max(fewestSwept, this.#buckets.size * 2)
  }

  get size() {
    return this.#buckets.size
  }

  #filled({ tokens, at }: Bucket, now: number) {
    const { burst, perSecond } = this.#rule
    return Math.min(burst, tokens + (Math.max(0, now - at) * perSecond) / 1_000)
  }
}

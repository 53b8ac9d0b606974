const baseMs = 1_000
const capMs = 30_000

/**
 * How long to wait before the next try, after `failures` that were not followed by a healthy link: anything
 * between nothing and a bound that doubles up to 30 s. Full jitter, because clients that lost the same
 * server together must not come back together. `random` is 0 ≤ x < 1.
 */
export function backoffMs(failures: number, random: number): number {
  return random * Math.min(capMs, baseMs * 2 ** failures)
}

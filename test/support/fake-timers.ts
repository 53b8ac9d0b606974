import type { Timers } from '../../shared/connection/types.ts'

export interface FakeTimers extends Timers {
  /** Lets everything happen that is due within `ms`, in its order, and what follows from it. */
  advance(ms: number): Promise<void>
  /** Lets promises that are ready go on; no time passes. */
  settle(): Promise<void>
  /** How many calls are waiting. */
  readonly size: number
}

/** A clock that the test holds. `random` is 0.5 unless told otherwise. */
export function createFakeTimers({
  random = () => 0.5,
}: { random?: () => number } = {}): FakeTimers {
  const waiting = new Set<{ at: number; call: () => void }>()
  let now = 1_000_000

  // A turn of the event loop: all promises that hang on each other are through after it.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

  return {
    now: () => now,
    random,
    after(ms, call) {
      const timer = { at: now + Math.ceil(ms), call }
      waiting.add(timer)
      return () => waiting.delete(timer)
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        let next: { at: number; call: () => void } | undefined
        for (const timer of waiting)
          if (timer.at <= end && (!next || timer.at < next.at)) next = timer
        if (!next) break
        waiting.delete(next)
        now = Math.max(now, next.at)
        next.call()
        await settle()
      }
      now = end
    },
    settle,
    get size() {
      return waiting.size
    },
  }
}

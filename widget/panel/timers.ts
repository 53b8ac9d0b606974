import type { Timers } from '../../shared/connection/types.ts'

/** The browser's clock and chance. */
export const browserTimers: Timers = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}

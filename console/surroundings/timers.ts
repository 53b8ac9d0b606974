import type { Timers } from '../../shared/connection/types.ts'

/** The browser's clock, timers and chance. */
export const browserTimers: Timers = {
  now: () => Date.now(),
  after(ms, call) {
    const handle = setTimeout(call, ms)
    return () => clearTimeout(handle)
  },
  random: () => Math.random(),
}

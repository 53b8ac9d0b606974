import { signal, type ReadonlySignal } from '@preact/signals'

import type { Timers } from '../../shared/connection/types.ts'

export interface Clock {
  /** The server's time as well as we know it, ms; moves once a second for everything that counts. */
  readonly now: ReadonlySignal<number>
  /** The server's time at this very moment. */
  read(): number
  /** Learns how far this computer's clock is off. */
  setServerTime(serverTime: number): void
  stop(): void
}

/** The one timer behind every waiting time and deadline on the screen. */
export function createClock(timers: Timers): Clock {
  let skew = 0
  const read = () => timers.now() + skew
  const now = signal(read())
  let cancel = () => {}
  const tick = () => {
    now.value = read()
    cancel = timers.after(1000 - (timers.now() % 1000), tick)
  }
  tick()

  return {
    now,
    read,
    setServerTime(serverTime) {
      skew = serverTime - timers.now()
      now.value = read()
    },
    stop: () => cancel(),
  }
}

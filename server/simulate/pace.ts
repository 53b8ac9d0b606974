import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** The time of a trial: how long people take, and when it is over. */
export interface Pace {
  /** Waits as long as a person would, shortened by the pace; less when the trial ends. */
  pause(ms: number): Promise<void>
  /** Waits until `isTrue`, looking at every change; at most as long as a person would. False: it never became true. */
  until(
    isTrue: () => boolean,
    onChange: (look: () => void) => () => void,
    ms: number,
  ): Promise<boolean>
  readonly isOver: boolean
}

/** People at `pace` times their usual speed, until the signal ends the trial. */
export function createPace(pace: number, signal: AbortSignal): Pace {
  // Everybody waits for this one signal.
  setMaxListeners(0, signal)
  return {
    get isOver() {
      return signal.aborted
    },
    async pause(ms) {
      await sleep(ms / pace, undefined, { signal }).catch(() => undefined)
    },
    until(isTrue, onChange, ms) {
      return new Promise((resolve) => {
        if (isTrue() || signal.aborted) return resolve(isTrue())
        const finish = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', finish)
          unsubscribe()
          resolve(isTrue())
        }
        const timer = setTimeout(finish, ms / pace)
        signal.addEventListener('abort', finish)
        const unsubscribe = onChange(() => isTrue() && finish())
      })
    },
  }
}

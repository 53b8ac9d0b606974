import { renewEveryMs, renewLeases } from '../actions/presence.ts'
import { repairLimbo } from '../actions/repair-limbo.ts'
import type { Context } from '../context.ts'
import { dropExpired } from '../store/sessions.ts'

/** How often the watchdog looks. */
const watchdogMs = 5_000
const sweepMs = 60_000

/** Drops what is expired; a socket does not outlive the session it was opened with. */
export async function endExpired({ store, bus, now }: Context) {
  const sessionIds = await store.transaction(({ db }) => dropExpired(db, now()))
  if (sessionIds.length > 0) bus.publish({ type: 'sessions.ended', sessionIds })
}

/** What is done now and then: leases renewed, limbo looked for, what is expired dropped. */
export function startHousekeeping(
  context: Context,
  { onLimbo }: { onLimbo: (count: number) => void },
) {
  const timers = [
    every(renewEveryMs, 'renewing leases', () => renewLeases(context)),
    every(watchdogMs, 'looking for limbo', async () => {
      const found = await repairLimbo(context)
      if (found > 0) onLimbo(found)
    }),
    every(sweepMs, 'dropping what is expired', () => endExpired(context)),
  ]

  function every(ms: number, what: string, work: () => Promise<unknown>) {
    let isRunning = false
    return setInterval(() => {
      if (isRunning) return
      isRunning = true
      work()
        .catch((error: unknown) => context.log.error({ err: error }, `${what} failed`))
        .finally(() => {
          isRunning = false
        })
    }, ms)
  }

  return {
    stop() {
      for (const timer of timers) clearInterval(timer)
    },
  }
}

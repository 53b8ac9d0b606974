import { routeQueue, type UnplacedMemory } from '../actions/route-queue.ts'
import type { Context } from '../context.ts'

/** Runs at least this often, whatever was heard: leases end silently, hints get lost. */
const lookOverMs = 5_000
/** After a failure of the store. */
const retryMs = 1_000

/**
 * Runs the routing at every change that can matter, and when the next deadline is due.
 * Changes that come while a run is under way lead to one more run, not to one each.
 */
export function startRouter(context: Context) {
  const memory: UnplacedMemory = new Map()
  let isRunning = false
  let isWanted = false
  let isStopped = false
  let timer: NodeJS.Timeout | undefined

  async function run() {
    if (isRunning || isStopped) return
    isRunning = true
    let nextMs = lookOverMs
    try {
      do {
        isWanted = false
        const { nextAt, hasMore } = await routeQueue(context, memory)
        if (hasMore) isWanted = true
        nextMs = nextAt === null ? lookOverMs : Math.max(5, nextAt - context.now())
      } while (isWanted && !isStopped)
    } catch (error) {
      // What it noted in vain was rolled back.
      memory.clear()
      context.log.error({ err: error }, 'routing failed; it will be tried again')
      nextMs = retryMs
    }
    isRunning = false
    clearTimeout(timer)
    if (!isStopped) timer = setTimeout(run, Math.min(nextMs, lookOverMs))
  }

  function trigger() {
    isWanted = true
    void run()
  }

  const unsubscribe = context.bus.subscribe((message) => {
    // A change made inside a run comes back as a hint: by then the run has seen its own change,
    // and the extra look finds nothing to do.
    if (message.type === 'routing' || message.type === 'rights') trigger()
  })
  trigger()

  return {
    trigger,
    stop() {
      isStopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

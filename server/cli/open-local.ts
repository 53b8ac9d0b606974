import { pino } from 'pino'

import { ensureDefaultDepartment } from '../actions/people.ts'
import { createContext } from '../app.ts'
import { createMemoryBus } from '../bus/memory-bus.ts'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { openSqliteStore } from '../store/open.ts'

/**
 * The installation of this machine, for the command line. Works beside a running server: it writes short
 * transactions into the same file, and the server looks for them twice a second.
 */
export async function openLocal(): Promise<{ context: Context; close(): Promise<void> }> {
  const config = readConfig(process.env)
  const log = pino({ level: 'silent' })
  const store = await openSqliteStore({
    dataDir: config.dataDir,
    now: Date.now,
    isExclusive: false,
    onFatal(failure) {
      throw failure
    },
  })
  const bus = createMemoryBus((error) => log.error({ err: error }))
  const context = createContext({ config, store, log, now: Date.now, bus })
  await ensureDefaultDepartment(context)
  return { context, close: () => store.close() }
}

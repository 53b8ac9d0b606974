import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { pino } from 'pino'

import { ensureDefaultDepartment } from '../actions/people.ts'
import { createContext } from '../app.ts'
import { createMemoryBus } from '../bus/memory-bus.ts'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { withRememberedAddress } from '../remembered-address.ts'
import { openSqliteStore } from '../store/open.ts'

/**
 * The installation of this machine, for the command line. Works beside a running server: it writes short
 * transactions into the same file, and the server looks for them twice a second.
 * A folder without an installation is a mistake in `DATA_DIR` more often than a wish: only what is meant for automation
 * makes a new one, and says so.
 */
export async function openLocal({ mayCreate = false } = {}): Promise<{
  context: Context
  close(): Promise<void>
}> {
  const { dataDir } = readConfig(process.env)
  const config = readConfig(withRememberedAddress(process.env, dataDir))
  if (!existsSync(join(dataDir, 'parley.db'))) {
    if (!mayCreate) {
      throw new AppError(
        'not-found',
        `There is no installation in ${dataDir}. Set DATA_DIR to its folder, or start Parley there first.`,
      )
    }
    process.stderr.write(`Making a new installation in ${dataDir}.\n`)
  }
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

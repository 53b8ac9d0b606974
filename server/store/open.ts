import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'

import { migrate } from './migrate.ts'
import { createCommitQueue } from './sqlite/commit-queue.ts'
import { connect, toFailure } from './sqlite/connect.ts'
import { hotReads, hotWrites } from './sqlite/hot.ts'
import { kyselyOver } from './sqlite/kysely-dialect.ts'
import { lockFolder } from './sqlite/lock.ts'
import { type Store, StoreFailure, type StoreObserver, type Tx } from './store.ts'

interface Options {
  dataDir: string
  now: () => number
  /** A server keeps other servers out; the command line does not. */
  isExclusive: boolean
  /** Called once when writing has failed in a way whose outcome is unknown. */
  onFatal(failure: StoreFailure): void
}

/** Opens (and creates) the SQLite store of a data folder, migrated. Throws StoreFailure with a sentence. */
export async function openSqliteStore({
  dataDir,
  now,
  isExclusive,
  onFatal,
}: Options): Promise<Store> {
  const file = join(dataDir, 'parley.db')
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StoreFailure(
      'not-writable',
      `The data folder ${dataDir} can't be created. Create it, or set DATA_DIR to a folder that this user can write.`,
      { cause: error },
    )
  }
  keepPrivate(file)
  keepPrivate(join(dataDir, 'server.lock'))
  let unlock = () => {}
  if (isExclusive) {
    try {
      unlock = lockFolder(join(dataDir, 'server.lock'))
    } catch (error) {
      throw toFailure(error, join(dataDir, 'server.lock'))
    }
  }

  const observers: StoreObserver[] = []
  const writer = connect(file)
  const queue = createCommitQueue({
    db: writer,
    onCommit: (transactions) => observers.forEach((observer) => observer.onCommit(transactions)),
    onFatal,
  })
  const tx: Tx = { db: kyselyOver(writer), hot: undefined as unknown as Tx['hot'] }
  const transaction: Store['transaction'] = (work) => queue.add(() => work(tx))

  try {
    await migrate({ transaction } as Store, 'sqlite', now)
  } catch (error) {
    writer.close()
    unlock()
    throw toFailure(error, file)
  }
  // Prepared now: before the migration there were no tables to prepare against.
  Object.assign(tx, { hot: hotWrites(writer) })

  const reader = connect(file)
  reader.pragma('query_only = ON')
  let version = writer.pragma('data_version', { simple: true })

  return {
    transaction,
    read: kyselyOver(reader),
    hotRead: hotReads(writer, reader),
    hasForeignChange() {
      // Inside a transaction the number stands still; the next call will see the change.
      if (queue.isBusy) return false
      const current = writer.pragma('data_version', { simple: true })
      const hasChanged = current !== version
      version = current
      return hasChanged
    },
    async ping() {
      reader.prepare('select 1').get()
    },
    observe(observer) {
      observers.push(observer)
    },
    async close() {
      await queue.drained()
      reader.close()
      writer.close()
      unlock()
    },
  }
}

/**
 * Makes the file for this user alone before SQLite makes it for everybody, in a folder that others may read. What
 * SQLite lays beside it gets the same rights.
 */
function keepPrivate(file: string) {
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch {
    // Opening it as a database says better why not.
  }
}

import Database from 'better-sqlite3'

import { StoreFailure } from '../store.ts'
import { codeOf } from './connect.ts'

/**
 * Keeps a second server out of the folder: a lock that the system gives back when the process dies, however it dies.
 * The command line does not take it; it only writes short transactions.
 */
export function lockFolder(file: string): () => void {
  const db = new Database(file, { timeout: 0 })
  try {
    db.pragma('journal_mode = DELETE')
    db.exec('begin exclusive')
  } catch (error) {
    db.close()
    if (!codeOf(error).startsWith('SQLITE_BUSY')) throw error
    throw new StoreFailure(
      'in-use',
      `Another Parley is running on this data folder (${file} is held). Stop it first, or set DATA_DIR to another folder.`,
      { cause: error },
    )
  }
  return () => db.close()
}

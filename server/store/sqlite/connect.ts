import Database from 'better-sqlite3'

import { StoreFailure } from '../store.ts'

export type Sqlite = Database.Database

/** The first SQLite without the bug that could lose commits with a second checkpointer. */
const oldestSafe = [3, 51, 3] as const

/**
 * Opens the file with the settings that durability rests on, and reads them back:
 * better-sqlite3 falls back to `synchronous=NORMAL` in WAL mode, which loses acknowledged commits on power loss.
 */
export function connect(file: string, { isReadOnly = false } = {}): Sqlite {
  let db: Sqlite
  try {
    db = new Database(file, { readonly: isReadOnly, timeout: 2_000 })
    assertSafeVersion(db)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('temp_store = MEMORY')
    db.pragma('cache_size = -16000')
    db.pragma('journal_size_limit = 67108864')
    // 32 MB: a page that is written again and again is copied back once, not every few hundred messages.
    db.pragma('wal_autocheckpoint = 8000')
  } catch (error) {
    throw toFailure(error, file)
  }
  const mode = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  if (mode !== 'wal' || synchronous !== 2) {
    db.close()
    throw new StoreFailure(
      'settings',
      `${file} does not accept journal_mode=WAL with synchronous=FULL (it says ${String(mode)}, ${String(synchronous)}), so a power loss could lose messages. Put DATA_DIR on a local disk.`,
    )
  }
  return db
}

function assertSafeVersion(db: Sqlite) {
  const version = db.prepare('select sqlite_version()').pluck().get() as string
  const parts = version.split('.').map(Number)
  for (const [index, least] of oldestSafe.entries()) {
    const part = parts[index] ?? 0
    if (part > least) return
    if (part < least) {
      throw new StoreFailure(
        'settings',
        `SQLite ${version} can lose commits; ${oldestSafe.join('.')} or later is needed. Run npm ci to rebuild better-sqlite3.`,
      )
    }
  }
}

/** Turns what SQLite says at opening into a sentence for the operator. */
export function toFailure(error: unknown, file: string): Error {
  if (error instanceof StoreFailure) return error
  const code = codeOf(error)
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new StoreFailure(
      'corrupt',
      `${file} is damaged or not a Parley database. Restore it from a backup; it was not touched.`,
      { cause: error },
    )
  }
  if (code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') {
    return new StoreFailure(
      'not-writable',
      `${file} can't be written. Give this user the right to write there, or set DATA_DIR to another folder.`,
      { cause: error },
    )
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new StoreFailure('io', `The disk failed while reading ${file} (${code}).`, {
      cause: error,
    })
  }
  return error instanceof Error ? error : new Error(String(error))
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

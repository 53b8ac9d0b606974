import { sql } from 'kysely'

import { start } from './migrations/0001-start.ts'
import type { Migration } from './migrations/migration.ts'
import { type Store, StoreFailure } from './store.ts'

/** Forward only, in order. */
export const migrations: readonly Migration[] = [start]

/**
 * Brings the database to this program's version, in one transaction.
 * Throws StoreFailure `newer` when it was written by a later program. Gives the names that were run.
 */
export async function migrate(store: Store, dialect: 'sqlite' | 'postgres', now: () => number) {
  return store.transaction(async ({ db }) => {
    await sql`create table if not exists migration (name text primary key, at bigint not null)`.execute(
      db,
    )
    const done = await db.selectFrom('migration').select('name').orderBy('name').execute()
    const names = new Set(migrations.map(({ name }) => name))
    const unknown = done.find(({ name }) => !names.has(name))
    if (unknown) {
      throw new StoreFailure(
        'newer',
        `The database was written by a newer Parley (it has the step ${unknown.name}, which this program does not know). Start the newer program, or restore a backup from before the upgrade.`,
      )
    }
    const pending = migrations.filter(({ name }) => !done.some((row) => row.name === name))
    for (const migration of pending) {
      await migration.up({ db, dialect })
      await db.insertInto('migration').values({ name: migration.name, at: now() }).execute()
    }
    return pending.map(({ name }) => name)
  })
}

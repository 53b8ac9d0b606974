import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { openSqliteStore } from '../../server/store/open.ts'
import { createCommitQueue } from '../../server/store/sqlite/commit-queue.ts'
import { connect } from '../../server/store/sqlite/connect.ts'
import { type Store, type StoreFailure, StoreUnavailable } from '../../server/store/store.ts'
import { describeStore, seed } from './store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (dataDir: string, { isExclusive = true } = {}): Promise<Store> =>
  openSqliteStore({
    dataDir,
    now: Date.now,
    isExclusive,
    onFatal(failure) {
      throw failure
    },
  })

describeStore('SQLite', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-contract-'))
  return {
    open: () => open(dataDir),
    dispose: async () => rmSync(dataDir, { recursive: true, force: true }),
  }
})

describe('SQLite alone', () => {
  test('[D1] writes with a full sync, read back from the connection', () => {
    const db = connect(join(folder, 'x.db'))
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
  })

  test('transactions of one turn share one commit', async () => {
    const store = await open(folder)
    const { departmentId } = await seed(store)
    const commits: number[] = []
    store.observe({ onCommit: (transactions) => commits.push(transactions) })
    await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        store.transaction(({ db }) =>
          db
            .updateTable('department')
            .set({ name: `${index}` })
            .where('id', '=', departmentId)
            .execute(),
        ),
      ),
    )
    expect(commits).toEqual([25])
    await store.close()
  })

  test('a second server on the folder is refused; the command line is not', async () => {
    const store = await open(folder)
    await expect(open(folder)).rejects.toMatchObject({ reason: 'in-use' })
    const other = await open(folder, { isExclusive: false })
    await seed(other)
    expect(store.hasForeignChange()).toBe(true)
    expect(store.hasForeignChange()).toBe(false)
    await other.close()
    await store.close()
    await (await open(folder)).close()
  })

  test('its own writes are no foreign change', async () => {
    const store = await open(folder)
    await seed(store)
    expect(store.hasForeignChange()).toBe(false)
    await store.close()
  })

  test.for<[reason: StoreFailure['reason'], prepare: (dataDir: string) => Promise<void>]>([
    [
      'newer',
      async (dataDir) => {
        const store = await open(dataDir)
        await store.transaction(({ db }) =>
          db.insertInto('migration').values({ name: '9999-later', at: 1 }).execute(),
        )
        await store.close()
      },
    ],
    [
      'corrupt',
      async (dataDir) => {
        mkdirSync(dataDir)
        writeFileSync(
          join(dataDir, 'parley.db'),
          'this is not a database, whatever its name says'.repeat(99),
        )
      },
    ],
    [
      'not-writable',
      async (dataDir) => writeFileSync(dataDir, 'a file where the folder should be'),
    ],
  ])('a database that is %s is refused with a sentence', async ([reason, prepare]) => {
    const dataDir = join(folder, 'data')
    await prepare(dataDir)
    await expect(open(dataDir)).rejects.toMatchObject({
      reason,
      message: expect.stringMatching(/^[^{]{30,}\.$/),
    })
  })

  test('a full disk refuses what does not fit, keeps what did, and takes more when there is room', async () => {
    const db = connect(join(folder, 'full.db'))
    db.exec('create table note (id integer primary key, text text not null)')
    let fatal: unknown
    const queue = createCommitQueue({
      db,
      onCommit() {},
      onFatal(failure) {
        fatal = failure
      },
    })
    const insert = db.prepare('insert into note (text) values (?)')
    const add = (size: number) =>
      queue.add(async () => insert.run('x'.repeat(size)).lastInsertRowid)
    await add(10)
    const pages = db.pragma('page_count', { simple: true }) as number
    db.pragma(`max_page_count = ${pages + 2}`)
    const results = await Promise.allSettled([add(10), add(100_000), add(10)])
    // One commit for all three: all or nothing, and nobody was told that theirs is safe.
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    for (const result of results) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StoreUnavailable)
    }
    db.pragma('max_page_count = 1000000')
    await add(100_000)
    expect(db.prepare('select count(*) from note').pluck().get()).toBe(2)
    expect(fatal).toBeUndefined()
    db.close()
  })
})

import { StoreFailure, StoreUnavailable } from '../store.ts'
import { codeOf, type Sqlite } from './connect.ts'

interface Job {
  run(): Promise<unknown>
  resolve(value: unknown): void
  reject(reason: unknown): void
}

interface Settled {
  job: Job
  outcome: { ok: true; value: unknown } | { ok: false; reason: unknown }
}

interface Options {
  db: Sqlite
  onCommit(transactions: number): void
  /** The outcome of a write is unknown: the process has to end and come back by reading the file. */
  onFatal(failure: StoreFailure): void
}

/** More than this in one commit only makes the first of them wait longer. */
const maxBatch = 256

/**
 * The shared commit: transactions that arrive in the same turn of the event loop run one after another,
 * each in its own savepoint, inside one `begin immediate … commit`, and so share one fsync.
 * None is answered before it.
 */
export function createCommitQueue({ db, onCommit, onFatal }: Options) {
  const waiting: Job[] = []
  let isRunning = false
  let fatal: StoreFailure | undefined
  const idle: (() => void)[] = []

  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const rollback = db.prepare('rollback')
  const savepoint = db.prepare('savepoint job')
  const release = db.prepare('release job')
  const undo = db.prepare('rollback to job')

  function add<Result>(run: () => Promise<Result>): Promise<Result> {
    if (fatal) return Promise.reject(fatal)
    return new Promise((resolve, reject) => {
      waiting.push({ run, resolve: resolve as (value: unknown) => void, reject })
      if (isRunning) return
      isRunning = true
      // After the sockets that are readable now were read: what they sent shares the commit.
      setImmediate(runBatches)
    })
  }

  async function runBatches() {
    while (waiting.length > 0 && !fatal) {
      await runBatch(waiting.splice(0, maxBatch))
      // Let the answers leave and new work arrive before the next fsync holds the thread.
      if (waiting.length > 0) await new Promise<void>((resume) => setImmediate(resume))
    }
    isRunning = false
    if (fatal) for (const job of waiting.splice(0)) job.reject(fatal)
    for (const call of idle.splice(0)) call()
  }

  async function runBatch(batch: Job[]) {
    const settled: Settled[] = []
    try {
      begin.run()
      for (const job of batch) settled.push({ job, outcome: await runJob(job) })
      commit.run()
    } catch (error) {
      fail(batch, error)
      return
    }
    onCommit(batch.length)
    for (const { job, outcome } of settled) {
      if (outcome.ok) job.resolve(outcome.value)
      else job.reject(outcome.reason)
    }
  }

  async function runJob(job: Job): Promise<Settled['outcome']> {
    savepoint.run()
    try {
      const value = await job.run()
      release.run()
      return { ok: true, value }
    } catch (error) {
      // A full disk or an I/O error may have rolled everything back: then the batch as a whole has failed.
      if (isStorageError(error) || !db.inTransaction) throw error
      undo.run()
      release.run()
      return { ok: false, reason: error }
    }
  }

  function fail(batch: Job[], error: unknown) {
    if (db.inTransaction) {
      try {
        rollback.run()
      } catch {
        // Reported below: the state is read again from the file when the process comes back.
      }
    }
    const code = codeOf(error)
    if (isPassing(code) && !db.inTransaction) {
      const reason = new StoreUnavailable(
        code.startsWith('SQLITE_FULL')
          ? 'The disk is full: nothing can be stored until there is room.'
          : 'The database is locked by another process.',
        { cause: error },
      )
      for (const job of batch) job.reject(reason)
      return
    }
    if (!isStorageError(error) && !db.inTransaction) {
      for (const job of batch) job.reject(error)
      return
    }
    fatal = new StoreFailure(
      'io',
      `The database could not be written (${code || String(error)}). Parley stops, because it can't know what reached the disk; what was acknowledged did.`,
      { cause: error },
    )
    for (const job of batch) job.reject(fatal)
    onFatal(fatal)
  }

  return {
    add,
    /** Resolves when nothing waits and nothing runs. */
    drained(): Promise<void> {
      return isRunning ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()
    },
    get isBusy() {
      return isRunning
    },
  }
}

function isPassing(code: string) {
  return (
    code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED'
  )
}

function isStorageError(error: unknown) {
  const code = codeOf(error)
  return (
    isPassing(code) || /^SQLITE_(IOERR|CORRUPT|NOTADB|NOMEM|READONLY|CANTOPEN|PROTOCOL)/.test(code)
  )
}

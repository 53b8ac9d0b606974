import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'

import { buildDiskShim, createFaultyDisk } from './disk.ts'
import { isLong, openTrial } from './trial.ts'

const shim = buildDiskShim()
if ('reason' in shim) process.stdout.write(`faults: no power cuts here, ${shim.reason}\n`)

test.skipIf('reason' in shim)(
  '[D1] power cuts under load: with nothing left but what was fsynced, what was acknowledged is there',
  async () => {
    if ('reason' in shim) return
    const disk = createFaultyDisk(shim.file)
    onTestFinished(() => disk.dispose())
    const trial = await openTrial({ visitors: 10, agents: 2, dataDir: disk.dataDir, env: disk.env })
    onTestFinished(() => trial.dispose())
    trial.play()
    for (let count = 0; count < (isLong ? 40 : 6); count++) {
      // Now and then long enough for a checkpoint: then pages move from the log into the file.
      await trial.acknowledged(count % 3 === 2 ? 150 : 15, 4_000)
      await wait(trial.chance.between(0, 30))
      await trial.server.kill('SIGKILL')
      disk.losePower(trial.chance)
      expect(checkIntegrity(disk.dataDir)).toBe('ok')
      await trial.server.start()
      trial.wake()
    }
    await trial.settle()
    expect(trial.recorder.counts.acked).toBeGreaterThan(60)
  },
)

test.skipIf('reason' in shim)(
  'the disk of these trials is as forgetful as it claims: without fsync a commit is gone',
  () => {
    if ('reason' in shim) return
    expect(countAfterPowerCut(shim.file, 'FULL')).toBe(2)
    expect(countAfterPowerCut(shim.file, 'NORMAL')).toBe(0)
  },
)

/** Of a copy: to look at a database that was not closed is to change it. */
function checkIntegrity(dataDir: string) {
  const copy = mkdtempSync(join(tmpdir(), 'parley-copy-'))
  onTestFinished(() => rmSync(copy, { recursive: true }))
  cpSync(dataDir, copy, { recursive: true })
  const database = new Database(join(copy, 'parley.db'))
  try {
    return database.pragma('integrity_check', { simple: true })
  } finally {
    database.close()
  }
}

/** Commits twice, loses power, and counts what is there afterwards. */
function countAfterPowerCut(shimFile: string, synchronous: string) {
  const disk = createFaultyDisk(shimFile)
  onTestFinished(() => disk.dispose())
  const file = join(disk.dataDir, 'small.db')
  const script = `
    import Database from 'better-sqlite3'
    const db = new Database(${JSON.stringify(file)})
    db.pragma('journal_mode = WAL')
    db.exec('create table line (text)')
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.pragma('synchronous = ${synchronous}')
    for (const text of ['one', 'two']) db.prepare('insert into line values (?)').run(text)
    process.kill(process.pid, 'SIGKILL')`
  const { signal, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { cwd: import.meta.dirname, env: { ...process.env, ...disk.env } },
  )
  expect(signal, stderr.toString()).toBe('SIGKILL')
  disk.losePower()
  const db = new Database(file)
  try {
    return db.prepare('select count(*) from line').pluck().get()
  } finally {
    db.close()
  }
}

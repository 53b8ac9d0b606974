import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { Sentence } from './sentence.mjs'

/** Does the work while no other process does work under the same lock. The lock of a dead process is taken over. */
export async function withLock(folder, work) {
  await take(folder)
  const release = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

async function take(folder, patienceMs = 300_000) {
  for (const until = Date.now() + patienceMs; ; await wait(100)) {
    try {
      mkdirSync(folder)
      writeFileSync(join(folder, 'pid'), String(process.pid))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true })
    else if (Date.now() > until) {
      throw new Sentence(
        `Another build has been running for minutes. If there is none, delete ${folder}.`,
      )
    }
  }
}

function isAbandoned(folder) {
  let pid
  try {
    pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  } catch {
    // Just taken, and the number is not written yet; or just released.
    return false
  }
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

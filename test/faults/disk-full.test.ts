import { expect, onTestFinished, test } from 'vitest'

import { buildDiskShim, createFaultyDisk } from './disk.ts'
import { openTrial, until, type TrialOptions } from './trial.ts'

const shim = buildDiskShim()

async function openTrialOnDisk(options: TrialOptions) {
  if ('reason' in shim) throw new Error(shim.reason)
  const disk = createFaultyDisk(shim.file)
  onTestFinished(() => disk.dispose())
  const trial = await openTrial({ ...options, dataDir: disk.dataDir, env: disk.env })
  onTestFinished(() => trial.dispose())
  return { disk, trial }
}

test.skipIf('reason' in shim)(
  '[D1 D12] a full disk: nothing is acknowledged, readers are served, and with room again all is sent',
  async () => {
    const { disk, trial } = await openTrialOnDisk({ visitors: 8, agents: 2 })
    trial.play()
    for (let count = 0; count < 3; count++) {
      await trial.acknowledged(20, 10_000)
      disk.fill()
      const before = trial.recorder.counts.acked
      // What was under way when it filled up may still have fitted.
      const isQuiet = await until(() => trial.recorder.counts.acked > before + 20, 2_500)
      expect(isQuiet).toBe(false)
      const healthz = await fetch(`http://127.0.0.1:${trial.server.port}/healthz`)
      expect(healthz.status).toBe(200)
      disk.heal()
      await trial.acknowledged(20, 15_000)
    }
    expect(trial.recorder.counts.acked).toBeGreaterThan(80)
    await trial.settle()
  },
)

test.skipIf('reason' in shim)(
  '[D1] an fsync that fails ends the process with a code of its own; started again, nothing acknowledged is missing',
  async () => {
    const { disk, trial } = await openTrialOnDisk({ visitors: 8, agents: 2 })
    trial.play()
    for (let count = 0; count < 3; count++) {
      await trial.acknowledged(20, 10_000)
      disk.breakSync()
      expect(await trial.server.ended()).toEqual({ code: 75, signal: null })
      // What the failed fsync was to keep may be gone.
      disk.losePower(trial.chance)
      disk.heal()
      await trial.server.start()
      trial.wake()
    }
    expect(trial.server.logs()).toMatch(/could not be written/)
    await trial.settle()
  },
)

import { setTimeout as wait } from 'node:timers/promises'

import { expect, onTestFinished, test } from 'vitest'

import { isLong, openTrial, readMetric } from './trial.ts'

test('[D1 D2 D3 D9 D10] 20 × kill -9 under load: what was acknowledged is there, once, in order', async () => {
  const trial = await openTrial({ visitors: 14, agents: 3 })
  onTestFinished(() => trial.dispose())
  trial.play()
  for (let count = 0; count < (isLong ? 100 : 20); count++) {
    await trial.acknowledged(12, 2_500)
    await wait(trial.chance.between(0, 40))
    expect((await trial.server.kill('SIGKILL')).signal).toBe('SIGKILL')
    await trial.server.start()
    trial.wake()
  }
  await trial.settle()
  expect(trial.recorder.counts.acked).toBeGreaterThan(150)
  expect(await readMetric(trial.server, 'parley_limbo_found_total')).toBe(0)
})

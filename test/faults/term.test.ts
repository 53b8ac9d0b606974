import { expect, onTestFinished, test } from 'vitest'

import { isLong, openTrial, until } from './trial.ts'

test('[D8] SIGTERM under load: everybody is told to come back in a moment of their own, it ends in time, nothing is lost', async () => {
  const trial = await openTrial({ visitors: 20, agents: 3 })
  onTestFinished(() => trial.dispose())
  trial.play()
  for (let count = 0; count < (isLong ? 20 : 3); count++) {
    await trial.acknowledged(30, 10_000)
    const comeBack: number[] = []
    const unsubscribes = trial.visitors.map(({ client }) =>
      client.connection.onState((state) => {
        if (state.kind === 'waiting') comeBack.push(state.retryAt)
      }),
    )
    const startedAt = Date.now()
    const exit = await trial.server.kill('SIGTERM')
    expect(exit).toEqual({ code: 0, signal: null })
    expect(Date.now() - startedAt).toBeLessThan(10_000)
    for (const unsubscribe of unsubscribes) unsubscribe()
    expect(comeBack.length).toBeGreaterThanOrEqual(10)
    expect(Math.max(...comeBack) - Math.min(...comeBack)).toBeGreaterThan(1_000)

    await trial.server.start()
    // Nobody wakes them: they come back as they were told. (Each for themselves: they also lose links of their own.)
    const back = new Set<string>()
    const areBack = () => {
      for (const { name, client } of trial.visitors) {
        if (client.connection.state.kind === 'online') back.add(name)
      }
      return back.size === trial.visitors.length
    }
    expect(await until(areBack, 20_000)).toBe(true)
  }
  await trial.settle()
})

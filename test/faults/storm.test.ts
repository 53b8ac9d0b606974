import { expect, onTestFinished, test } from 'vitest'

import { openBadNetwork } from './bad-network.ts'
import { openTrial, readMetric, until } from './trial.ts'

const clients = 500
const windowMs = 100

test('[D4 D6] 500 clients who lose their links at once come back spread, bounded and complete', async () => {
  const trial = await openTrial({ agents: 1, env: { OFFER_MS: '600000' } })
  onTestFinished(() => trial.dispose())
  const network = await openBadNetwork(trial.server.port)
  onTestFinished(() => network.close())

  const areAllOnline = () =>
    trial.visitors.every(({ client }) => client.connection.state.kind === 'online')
  const isAllSent = () => trial.visitors.every(({ client }) => client.outbox.entries.length === 0)
  for (let count = 0; count < clients; count++) trial.addVisitor(network.port)
  expect(await until(areAllOnline, 30_000)).toBe(true)
  const chats = trial.visitors.map((visitor) => {
    const conversationId = visitor.begin()
    visitor.client.say(conversationId, 'Hello', {})
    return { visitor, conversationId }
  })
  expect(await until(isAllSent, 30_000)).toBe(true)
  const lagName = 'parley_event_loop_lag_seconds{quantile="1"}'
  await readMetric(trial.server, lagName)

  const cutAt = Date.now()
  network.cutAll()
  // What was written meanwhile goes with the others' return.
  for (const { visitor, conversationId } of chats.slice(0, 100)) {
    visitor.client.say(conversationId, 'Are you still there?')
  }
  expect(await until(() => !areAllOnline(), 5_000)).toBe(true)
  expect(await until(() => areAllOnline() && isAllSent(), 30_000)).toBe(true)

  const returns = network.links.map((link) => link.openedAt - cutAt)
  const inWindow = new Map<number, number>()
  for (const at of returns) {
    const slot = Math.floor(at / windowMs)
    inWindow.set(slot, (inWindow.get(slot) ?? 0) + 1)
  }
  expect(Math.max(...inWindow.values())).toBeLessThan(clients / 4)
  expect(returns.length).toBeLessThan(clients * 3)
  expect(await readMetric(trial.server, lagName)).toBeLessThan(1)
  await trial.settle()
})

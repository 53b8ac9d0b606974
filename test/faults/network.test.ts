import { setTimeout as wait } from 'node:timers/promises'

import { expect, onTestFinished, test } from 'vitest'

import { untilOnline } from '../../server/simulate/read-all.ts'
import { openBadNetwork } from './bad-network.ts'
import { isLong, openTrial, until, type Trial, type TrialOptions } from './trial.ts'

/** A trial whose people may be put behind a bad network. */
async function openTrialBehindNetwork(options: TrialOptions = {}) {
  const trial = await openTrial(options)
  onTestFinished(() => trial.dispose())
  const network = await openBadNetwork(trial.server.port)
  onTestFinished(() => network.close())
  return { trial, network }
}

/** A visitor with a conversation that an agent watches. */
async function beginChat({ addVisitor, acknowledged, agents }: Trial, port: number) {
  const visitor = addVisitor(port)
  await untilOnline(visitor.client)
  const conversationId = visitor.begin()
  visitor.client.say(conversationId, 'Hello', {})
  await acknowledged(1, 5_000)
  const seen = agents[0]?.client.watch(conversationId)
  const isCommitted = (clientId: string) =>
    seen?.events.some((event) => event.type === 'message' && event.clientId === clientId) ?? false
  return { visitor, conversationId, isCommitted }
}

test('[D2 D12] cut between the commit and the answer: still sending, then sent, and there once', async () => {
  const { trial, network } = await openTrialBehindNetwork()
  const { visitor, conversationId, isCommitted } = await beginChat(trial, network.port)
  for (let count = 0; count < (isLong ? 20 : 4); count++) {
    network.swallow('down')
    const { clientId } = visitor.client.say(conversationId, `Did this arrive? ${count}`)
    expect(await until(() => isCommitted(clientId), 5_000)).toBe(true)
    expect(visitor.client.outbox.entries).toMatchObject([{ clientId, state: 'sending' }])
    network.cutAll()
    network.release()
    visitor.client.connection.wake()
    expect(await until(() => visitor.client.outbox.entries.length === 0, 10_000)).toBe(true)
  }
  await trial.settle()
})

test('[D2 D3] frames that are held back and repeated, both ways, change nothing', async () => {
  const { trial, network } = await openTrialBehindNetwork({ agents: 0 })
  for (let count = 0; count < 2; count++) await trial.addAgent(network.port)
  for (let count = 0; count < 8; count++) trial.addVisitor(network.port)
  trial.play()
  for (let count = 0; count < (isLong ? 60 : 8); count++) {
    network.repeat('up', trial.chance.whole(1, 3))
    network.repeat('down', trial.chance.whole(1, 3))
    await wait(trial.chance.between(200, 600))
    network.hold(trial.chance.happens(0.5) ? 'up' : 'down')
    await wait(trial.chance.between(50, 500))
    network.release()
  }
  await trial.settle({ isNetworkRepeating: true })
  expect(trial.recorder.counts.acked).toBeGreaterThan(20)
})

test('[D5] two tabs with the same outbox send each message once, in order', async () => {
  const { trial, network } = await openTrialBehindNetwork()
  const { visitor, conversationId } = await beginChat(trial, network.port)
  for (let round = 0; round < 3; round++) {
    visitor.client.wire.lose()
    await until(() => visitor.client.connection.state.kind !== 'online', 5_000)
    for (let count = 0; count < 8; count++) visitor.client.say(conversationId, `${round}.${count}`)
    const tab = visitor.openTab(`tab ${round}`)
    onTestFinished(() => tab.stop())
    expect(tab.outbox.entries).toHaveLength(8)
    visitor.client.restoreNetwork()
    const isEmpty = () => tab.outbox.entries.length + visitor.client.outbox.entries.length === 0
    expect(await until(isEmpty, 20_000)).toBe(true)
    tab.stop()
  }
  await trial.settle()
})

test('[D6] half-open links, one way, the other and both, are noticed on both sides within 30 s', async () => {
  const { trial } = await openTrialBehindNetwork()
  const dead = [['up'], ['down'], ['up', 'down']] as const
  await Promise.all(
    dead.map(async (ways) => {
      const network = await openBadNetwork(trial.server.port)
      onTestFinished(() => network.close())
      const visitor = trial.addVisitor(network.port)
      await untilOnline(visitor.client)
      const conversationId = visitor.begin()
      visitor.client.say(conversationId, 'Before', {})
      await until(() => visitor.client.outbox.entries.length === 0, 5_000)
      const [link] = network.links

      network.swallow(...ways)
      const notices = Promise.all([
        until(() => visitor.client.connection.state.kind !== 'online', 30_000),
        until(() => link?.closedBy.has('server') ?? false, 30_000),
      ])
      if (ways.length === 2) {
        // Somebody who writes learns of it sooner: the answer stays away.
        visitor.client.say(conversationId, 'Into the void')
      }
      const [isNoticedByClient, isNoticedByServer] = await notices
      expect(isNoticedByClient, `${ways.join()}: client`).toBe(true)
      // Where the way to the server is open, the client's own farewell ends it there.
      expect(isNoticedByServer || !network.links.includes(link!), `${ways.join()}: server`).toBe(
        true,
      )
      network.release()
      visitor.client.connection.wake()
      visitor.client.say(conversationId, 'After')
      expect(await until(() => visitor.client.outbox.entries.length === 0, 20_000)).toBe(true)
    }),
  )
  await trial.settle()
})

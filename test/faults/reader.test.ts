import { readFileSync } from 'node:fs'

import { expect, onTestFinished, test } from 'vitest'

import { untilOnline } from '../../server/simulate/read-all.ts'
import { openBadNetwork } from './bad-network.ts'
import { openTrial, readMetric, until } from './trial.ts'

const readers = 12
const writers = 24
/** As many as a visitor may send at once; as large as a message may be, three bytes a letter. */
const messages = 55
const text = '字'.repeat(4_000)

test.skipIf(process.platform !== 'linux')(
  '[D7] readers who take nothing cost bounded memory: they are cut off, come back and have everything',
  async () => {
    const trial = await openTrial({ agents: 1, visitors: writers, env: { OFFER_MS: '600000' } })
    onTestFinished(() => trial.dispose())
    const network = await openBadNetwork(trial.server.port)
    onTestFinished(() => network.close())
    const [agent] = trial.agents
    if (!agent) throw new Error('There is no agent.')

    const chats = trial.visitors.map((visitor) => {
      const conversationId = visitor.begin()
      visitor.client.say(conversationId, 'Hello', {})
      return { visitor, conversationId }
    })
    await trial.acknowledged(writers, 10_000)

    const consoles = await Promise.all(
      Array.from({ length: readers }, async (_, at) => {
        const client = agent.openFresh(`reader ${at + 1}`, `ws://127.0.0.1:${network.port}`)
        onTestFinished(() => client.stop())
        await untilOnline(client)
        const feeds = chats.map(({ conversationId }) => client.watch(conversationId))
        return { client, feeds }
      }),
    )
    const areLoaded = () => consoles.every(({ feeds }) => feeds.every((feed) => feed.isLoaded))
    expect(await until(areLoaded, 10_000)).toBe(true)

    const residentMegabytes = () => {
      const status = readFileSync(`/proc/${trial.server.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
    }
    network.stall()
    const before = residentMegabytes()
    let peak = before
    for (let count = 0; count < messages; count++) {
      for (const { visitor, conversationId } of chats) visitor.client.say(conversationId, text)
    }
    const isSent = () => {
      peak = Math.max(peak, residentMegabytes())
      return trial.visitors.every(({ client }) => client.outbox.entries.length === 0)
    }
    expect(await until(isSent, 60_000)).toBe(true)
    // All that was sent, kept for every reader, would be nearly 200 MB.
    expect(peak - before).toBeLessThan(120)
    expect(await readMetric(trial.server, 'parley_slow_readers_cut')).toBe(readers)

    network.release()
    const haveAll = () =>
      consoles.every(({ feeds }) =>
        feeds.every(
          (feed) => feed.events.filter((event) => event.type === 'message').length === messages + 1,
        ),
      )
    expect(await until(haveAll, 60_000)).toBe(true)
    for (const { client } of consoles) client.stop()
    await trial.settle()
  },
)

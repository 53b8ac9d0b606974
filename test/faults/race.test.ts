import { expect, onTestFinished, test } from 'vitest'

import { untilOnline } from '../../server/simulate/read-all.ts'
import type { RequestFailure } from '../../shared/connection/types.ts'
import { openTrial } from './trial.ts'

const capacity = 4
const chats = 14

test('[D9] four agents claim every chat at the same moment: one has it, the others are told who, nobody has too many', async () => {
  const trial = await openTrial({ agents: 4, capacity, env: { OFFER_MS: '600000' } })
  onTestFinished(() => trial.dispose())
  const { agents, recorder } = trial
  await Promise.all(agents.map(({ client }) => untilOnline(client)))
  // Away: nothing is offered while they grab.
  for (const { client } of agents) await client.ask({ type: 'status.set', status: 'away' })
  const visitor = trial.addVisitor()
  await untilOnline(visitor.client)

  const held = new Map<string, number>()
  for (let count = 0; count < chats; count++) {
    const other = count === 0 ? visitor : trial.addVisitor()
    await untilOnline(other.client)
    const conversationId = other.begin()
    other.client.say(conversationId, 'Who takes me?', {})
    await trial.acknowledged(1, 5_000)

    const command = { type: 'conversation.claim', conversationId }
    const outcomes = await Promise.allSettled(
      agents.map(({ client }) => client.connection.request(command)),
    )
    const winners = agents.filter((_, at) => outcomes[at]?.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    for (const [at, outcome] of outcomes.entries()) {
      const agentId = agents[at]?.agentId ?? ''
      const isWon = outcome.status === 'fulfilled'
      recorder.write({ kind: 'claim', agentId, conversationId, isWon, seq: null, at: Date.now() })
      if (isWon) held.set(agentId, (held.get(agentId) ?? 0) + 1)
      else {
        const failure = outcome.reason as RequestFailure
        expect(['already-claimed', 'over-capacity']).toContain(failure.code)
        if (failure.code === 'already-claimed') expect(failure.holder).toMatch(/^Agent \d$/)
      }
    }
  }
  expect(Math.max(...held.values())).toBeLessThanOrEqual(capacity)
  for (const { client } of agents) await client.ask({ type: 'status.set', status: 'online' })
  await trial.settle()
})

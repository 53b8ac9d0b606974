import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Candidate, Waiting } from './candidate.ts'
import { compareQueued } from './queue-order.ts'
import { route } from './routing.ts'

const departmentId = fc.constantFrom('sales', 'support', 'billing')
const agentIds = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']
const agentId = fc.constantFrom(...agentIds)

const candidate = fc.record({
  agentId,
  departmentIds: fc.uniqueArray(departmentId, { maxLength: 3 }),
  status: fc.constantFrom('online' as const, 'online' as const, 'busy' as const, 'away' as const),
  isPresent: fc.boolean(),
  isDisabled: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  capacity: fc.integer({ min: 1, max: 4 }),
  load: fc.integer({ min: 0, max: 5 }),
  lastAssignedAt: fc.option(fc.integer({ min: 0, max: 3 })),
})
const waiting = fc.record({
  conversationId: fc.integer({ min: 1, max: 40 }).map((n) => `c${n}`),
  departmentId,
  priority: fc.constantFrom('normal' as const, 'high' as const, 'urgent' as const),
  queuedAt: fc.integer({ min: 0, max: 5 }),
  isFront: fc.boolean(),
  excluded: fc.uniqueArray(
    fc.record({ agentId, until: fc.option(fc.integer({ min: 0, max: 200 })) }),
    { selector: (one) => one.agentId, maxLength: 4 },
  ),
})
const input = fc.record({
  queue: fc.uniqueArray(waiting, { selector: (one) => one.conversationId, maxLength: 20 }),
  agents: fc.uniqueArray(candidate, { selector: (one) => one.agentId, maxLength: 6 }),
  now: fc.constant(100),
  offerMs: fc.constant(30),
})

const byId = <T, K extends keyof T>(list: readonly T[], key: K) =>
  new Map(list.map((one) => [one[key], one]))

/** Could this agent be asked for this chat, their load apart? */
function mayAsk(agent: Candidate, chat: Waiting, now: number) {
  const excluded = chat.excluded.find((one) => one.agentId === agent.agentId)
  return (
    agent.departmentIds.includes(chat.departmentId) &&
    agent.status === 'online' &&
    agent.isPresent &&
    !agent.isDisabled &&
    (!excluded || (excluded.until !== null && excluded.until <= now))
  )
}

test('law: capacity is never exceeded, and only an agent who may be asked is asked', () => {
  fc.assert(
    fc.property(input, (given) => {
      const agents = byId(given.agents, 'agentId')
      const queue = byId(given.queue, 'conversationId')
      const load = new Map(given.agents.map((agent) => [agent.agentId, agent.load]))
      for (const decision of route(given).decisions) {
        const agent = agents.get(decision.agentId)!
        expect(mayAsk(agent, queue.get(decision.conversationId)!, given.now)).toBe(true)
        load.set(agent.agentId, load.get(agent.agentId)! + 1)
        expect(load.get(agent.agentId)).toBeLessThanOrEqual(agent.capacity)
      }
    }),
  )
})

test('law: each waiting chat is answered once: one decision, or the reason why not', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { decisions, unplaced } = route({ ...given, queue: [...given.queue, ...given.queue] })
      const answered = [...decisions, ...unplaced].map((one) => one.conversationId).sort()
      expect(answered).toEqual(given.queue.map((one) => one.conversationId).sort())
    }),
  )
})

test('law: order is kept: nobody gets an agent that an earlier chat could have had', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { decisions, unplaced } = route(given)
      const queue = byId(given.queue, 'conversationId')
      const agents = byId(given.agents, 'agentId')
      for (const { conversationId } of unplaced) {
        const passedOver = queue.get(conversationId)!
        for (const decision of decisions) {
          if (compareQueued(queue.get(decision.conversationId)!, passedOver) < 0) continue
          expect(mayAsk(agents.get(decision.agentId)!, passedOver, given.now)).toBe(false)
        }
      }
      const order = decisions.map((one) => queue.get(one.conversationId)!)
      expect(order).toEqual([...order].sort(compareQueued))
    }),
  )
})

test('law: no agent who could take an unplaced chat is left with room', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { decisions, unplaced } = route(given)
      const queue = byId(given.queue, 'conversationId')
      for (const { conversationId } of unplaced) {
        for (const agent of given.agents) {
          if (!mayAsk(agent, queue.get(conversationId)!, given.now)) continue
          const got = decisions.filter((one) => one.agentId === agent.agentId).length
          expect(agent.load + got).toBeGreaterThanOrEqual(agent.capacity)
        }
      }
    }),
  )
})

test('law: whoever is chosen has the lowest score of all who were not ruled out', () => {
  fc.assert(
    fc.property(input, (given) => {
      for (const { agentId: chosenId, considered } of route(given).decisions) {
        expect(considered.filter((one) => one.outcome === 'chosen')).toMatchObject([
          { agentId: chosenId },
        ])
        const scores = considered.flatMap((one) => one.score ?? [])
        expect(considered.find((one) => one.agentId === chosenId)?.score).toBe(Math.min(...scores))
        expect(considered).toHaveLength(given.agents.length)
      }
    }),
  )
})

test('law: same input, same output, whatever the order of its lists', () => {
  const shuffled = input.chain((given) =>
    fc.record({
      given: fc.constant(given),
      queue: fc.shuffledSubarray(given.queue, { minLength: given.queue.length }),
      agents: fc.shuffledSubarray(given.agents, { minLength: given.agents.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ given, queue, agents }) => {
      const before = JSON.stringify(given)
      const once = route(given)
      expect(route({ ...given, queue, agents })).toEqual(once)
      expect(JSON.stringify(given)).toBe(before)
    }),
  )
})

test('law: nobody starves: with declines and agents who free up every chat is taken', () => {
  const world = fc.record({
    queue: fc.uniqueArray(waiting, { selector: (one) => one.conversationId, maxLength: 12 }),
    agents: fc.uniqueArray(candidate, { selector: (one) => one.agentId, minLength: 1 }),
    declines: fc.array(fc.boolean(), { maxLength: 40 }),
  })
  fc.assert(
    fc.property(world, ({ queue, agents, declines }) => {
      const answers = [...declines]
      let load = new Map(agents.map((agent) => [agent.agentId, 0]))
      let waitingNow: Waiting[] = queue.map((chat) => ({ ...chat, excluded: [] }))
      let now = 0
      // Each agent may decline a while; then people do their work. Every department has somebody.
      for (let round = 0; round < 200 && waitingNow.length > 0; round++) {
        const present = agents.map((agent) => ({
          ...agent,
          departmentIds: ['sales', 'support', 'billing'],
          status: 'online' as const,
          isPresent: true,
          isDisabled: false,
          load: load.get(agent.agentId)!,
        }))
        const { decisions, retryAt } = route({
          queue: waitingNow,
          agents: present,
          now,
          offerMs: 30,
        })
        for (const { conversationId, agentId: asked } of decisions) {
          const chat = waitingNow.find((one) => one.conversationId === conversationId)!
          if (answers.shift())
            chat.excluded = [...chat.excluded, { agentId: asked, until: now + 60 }]
          else waitingNow = waitingNow.filter((one) => one !== chat)
        }
        load = new Map(agents.map((agent) => [agent.agentId, 0]))
        now = Math.max(now + 1, retryAt ?? 0)
      }
      expect(waitingNow).toEqual([])
    }),
  )
})

test('work is bounded: a queue without free agents costs one look at the agents, not one per chat', () => {
  let looks = 0
  const departmentIds = ['sales']
  departmentIds.includes = (id) => ((looks += 1), id === 'sales')
  const agents = Array.from({ length: 50 }, (_, n): Candidate => ({
    agentId: `a${n}`,
    departmentIds,
    status: 'online',
    isPresent: true,
    isDisabled: false,
    capacity: 1,
    load: 0,
    lastAssignedAt: null,
  }))
  const queueOf = (length: number) =>
    Array.from({ length }, (_, n): Waiting => ({
      conversationId: `c${n}`,
      departmentId: 'sales',
      priority: 'normal',
      queuedAt: n,
      isFront: false,
      excluded: [],
    }))
  const looksFor = (length: number) => {
    looks = 0
    route({ queue: queueOf(length), agents, now: 0, offerMs: 1 })
    return looks
  }
  expect(looksFor(1_000)).toBeGreaterThan(0)
  expect(looksFor(8_000)).toBe(looksFor(1_000))
})

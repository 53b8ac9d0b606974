import { expect, test } from 'vitest'

import type { Candidate, Waiting } from './candidate.ts'
import { route } from './routing.ts'

const now = 1_000_000
const offerMs = 30_000

const agent = (agentId: string, over: Partial<Candidate> = {}): Candidate => ({
  agentId,
  departmentIds: ['sales'],
  status: 'online',
  isPresent: true,
  isDisabled: false,
  capacity: 3,
  load: 0,
  lastAssignedAt: null,
  ...over,
})
const chat = (conversationId: string, over: Partial<Waiting> = {}): Waiting => ({
  conversationId,
  departmentId: 'sales',
  priority: 'normal',
  queuedAt: 1,
  isFront: false,
  excluded: [],
  ...over,
})
const offers = (queue: Waiting[], agents: Candidate[]) =>
  route({ queue, agents, now, offerMs }).decisions.map((one) => [one.conversationId, one.agentId])
const outcomes = (queue: Waiting[], agents: Candidate[]) =>
  Object.fromEntries(
    route({ queue, agents, now, offerMs }).decisions[0]?.considered.map((one) => [
      one.agentId,
      one.outcome,
    ]) ?? [],
  )

test('the chat goes to the agent with the fewest conversations, with a deadline', () => {
  const { decisions } = route({
    queue: [chat('c1')],
    agents: [agent('anna', { load: 2 }), agent('ben', { load: 1 })],
    now,
    offerMs,
  })
  expect(decisions).toEqual([
    {
      conversationId: 'c1',
      agentId: 'ben',
      deadlineAt: now + offerMs,
      considered: [
        { agentId: 'anna', outcome: 'more-loaded', load: 2, capacity: 3, score: 2 },
        { agentId: 'ben', outcome: 'chosen', load: 1, capacity: 3, score: 1 },
      ],
    },
  ])
})

test('the decision says of every agent why they did not get it', () => {
  const agents = [
    agent('chosen', { lastAssignedAt: 5 }),
    agent('disabled', { isDisabled: true }),
    agent('elsewhere', { departmentIds: ['support'] }),
    agent('gone', { isPresent: false }),
    agent('away', { status: 'away' }),
    agent('busy', { status: 'busy' }),
    agent('full', { load: 3 }),
    agent('declined', {}),
    agent('loaded', { load: 1 }),
    agent('recent', { lastAssignedAt: 6 }),
    agent('twin', { lastAssignedAt: 5 }),
  ]
  const queue = [chat('c1', { excluded: [{ agentId: 'declined', until: null }] })]
  expect(outcomes(queue, agents)).toEqual({
    chosen: 'chosen',
    disabled: 'disabled',
    elsewhere: 'other-department',
    gone: 'absent',
    away: 'away',
    busy: 'busy',
    full: 'full',
    declined: 'declined',
    loaded: 'more-loaded',
    recent: 'more-recent',
    twin: 'tie',
  })
})

test('loads count up within one run: chats are dealt round', () => {
  const queue = ['c1', 'c2', 'c3', 'c4', 'c5'].map((id, at) => chat(id, { queuedAt: at }))
  expect(offers(queue, [agent('anna', { capacity: 2 }), agent('ben', { capacity: 2 })])).toEqual([
    ['c1', 'anna'],
    ['c2', 'ben'],
    ['c3', 'anna'],
    ['c4', 'ben'],
  ])
})

test('among equals the one who waited longest for a chat is next, then the smaller id', () => {
  const waitedLonger = [agent('anna', { lastAssignedAt: 9 }), agent('ben', { lastAssignedAt: 8 })]
  expect(offers([chat('c1')], waitedLonger)).toEqual([['c1', 'ben']])
  const neverHadOne = [agent('anna', { lastAssignedAt: 9 }), agent('ben')]
  expect(offers([chat('c1')], neverHadOne)).toEqual([['c1', 'ben']])
  expect(offers([chat('c1')], [agent('ben'), agent('anna')])).toEqual([['c1', 'anna']])
})

test('the queue is served by priority, then who came back, then arrival, then id', () => {
  const queue = [
    chat('later', { queuedAt: 9 }),
    chat('b-same', { queuedAt: 5 }),
    chat('a-same', { queuedAt: 5 }),
    chat('returned', { queuedAt: 8, isFront: true }),
    chat('high', { queuedAt: 9, priority: 'high' }),
    chat('urgent', { queuedAt: 9, priority: 'urgent' }),
  ]
  const order = offers(queue, [agent('anna', { capacity: 9 })]).map(([id]) => id)
  expect(order).toEqual(['urgent', 'high', 'returned', 'a-same', 'b-same', 'later'])
})

test('who declined is passed over while somebody else could take the chat, however loaded', () => {
  const queue = [chat('c1', { excluded: [{ agentId: 'anna', until: 0 }] })]
  expect(offers(queue, [agent('anna'), agent('ben', { load: 2 })])).toEqual([['c1', 'ben']])
})

test('who declined is asked again only after their rest, and the run says when', () => {
  const resting = chat('c1', { excluded: [{ agentId: 'anna', until: now + 5 }] })
  const input = { queue: [resting], agents: [agent('anna')], offerMs }
  expect(route({ ...input, now })).toMatchObject({
    decisions: [],
    unplaced: [{ conversationId: 'c1', reason: 'all-declined', retryAt: now + 5 }],
    retryAt: now + 5,
  })
  expect(route({ ...input, now: now + 5 })).toMatchObject({
    decisions: [{ conversationId: 'c1', agentId: 'anna' }],
    retryAt: null,
  })
})

test('a chat that its only agent declined does not hold up the next one', () => {
  const queue = [
    chat('c1', { excluded: [{ agentId: 'anna', until: null }] }),
    chat('c2', { queuedAt: 2 }),
  ]
  expect(offers(queue, [agent('anna')])).toEqual([['c2', 'anna']])
})

test.for([
  { reason: 'no-agents', agents: [agent('anna', { departmentIds: ['support'] })] },
  { reason: 'no-agents', agents: [agent('anna', { isDisabled: true })] },
  { reason: 'nobody-available', agents: [agent('anna', { status: 'away' })] },
  { reason: 'nobody-available', agents: [agent('anna', { isPresent: false, load: 3 })] },
  { reason: 'all-full', agents: [agent('anna', { load: 3 }), agent('ben', { status: 'busy' })] },
])('a chat that nobody can take says $reason, with everybody looked at', ({ reason, agents }) => {
  const { decisions, unplaced } = route({ queue: [chat('c1')], agents, now, offerMs })
  expect(decisions).toEqual([])
  expect(unplaced).toMatchObject([{ conversationId: 'c1', reason, retryAt: null }])
  expect(unplaced[0]?.considered.map((one) => one.agentId)).toEqual(agents.map((a) => a.agentId))
})

test('an agent of two departments who fills up is full for both', () => {
  const queue = [chat('c1'), chat('c2', { queuedAt: 2, departmentId: 'support' })]
  const agents = [agent('anna', { capacity: 1, departmentIds: ['sales', 'support'] })]
  const { decisions, unplaced } = route({ queue, agents, now, offerMs })
  expect(decisions).toMatchObject([{ conversationId: 'c1' }])
  expect(unplaced).toMatchObject([{ conversationId: 'c2', reason: 'all-full' }])
})

test('an agent over capacity, because it was lowered, gets nothing', () => {
  expect(offers([chat('c1')], [agent('anna', { capacity: 1, load: 4 })])).toEqual([])
})

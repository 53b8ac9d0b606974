import { expect, test } from 'vitest'

import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { Entry, StandingEntry } from './history.ts'
import { findViolations, toVerdict } from './verdict.ts'
import { violationKinds, type ViolationKind } from './violation.ts'

const conversationId = 'conv-one1'
const anna = { id: 'agent-anna', name: 'Anna' }
const ben = { id: 'agent-ben1', name: 'Ben' }

const at = (seq: number, prev = seq - 1, time = seq * 10) => ({
  conversationId,
  id: `event-${seq}--`,
  seq,
  prev,
  at: time,
})
const message = (seq: number, clientId: string, prev = seq - 1): TimelineEvent => ({
  ...at(seq, prev),
  type: 'message',
  author: { kind: 'visitor', id: 'visitor-v', name: null },
  clientId,
  text: `text of ${clientId}`,
})
const assigned = (seq: number, agent: typeof anna): TimelineEvent => ({
  ...at(seq),
  type: 'assigned',
  agent,
  how: 'accepted',
  waitedMs: 1,
})

const sent = (clientId: string): Entry => ({
  kind: 'sent',
  by: 'v',
  conversationId,
  clientId,
  text: `text of ${clientId}`,
  at: 1,
})
const acked = (seq: number, clientId: string): Entry => ({
  kind: 'acked',
  by: 'v',
  conversationId,
  clientId,
  id: `event-${seq}--`,
  seq,
  text: `text of ${clientId}`,
  at: 2,
})
const final = (audience: 'visitor' | 'agent', ...events: TimelineEvent[]): Entry => ({
  kind: 'final',
  audience,
  conversationId,
  events,
})
const received = (feed: string, event: TimelineEvent): Entry => ({
  kind: 'received',
  feed,
  audience: 'visitor',
  event,
  at: 3,
})
const standing = (over: Partial<StandingEntry> = {}): Entry => ({
  kind: 'standing',
  conversationId,
  status: 'assigned',
  assigneeId: anna.id,
  isAssigneePresent: true,
  offerDeadlineAt: null,
  at: 100_000,
  ...over,
})
const claim = (agentId: string, isWon: boolean, seq: number | null): Entry => ({
  kind: 'claim',
  agentId,
  conversationId,
  isWon,
  seq,
  at: 4,
})

const queued: TimelineEvent = { ...at(2), type: 'queued', reason: 'new' }
const m1 = message(1, 'client-m1')
const m4 = message(4, 'client-m2')
/** To a visitor, who sees no `queued`, the message after it follows the first event they saw. */
const whole = [m1, queued, assigned(3, anna), m4]
const visible = [m1, { ...assigned(3, anna), prev: 1 }, m4]

const sound: Entry[] = [
  { kind: 'capacity', agentId: anna.id, capacity: 1 },
  sent('client-m1'),
  acked(1, 'client-m1'),
  claim(anna.id, true, 3),
  claim(ben.id, false, null),
  sent('client-m2'),
  acked(4, 'client-m2'),
  // A repeat after a lost answer gets the same answer.
  sent('client-m2'),
  acked(4, 'client-m2'),
  sent('client-m3'),
  { kind: 'refused', by: 'v', conversationId, clientId: 'client-m3', code: 'too-fast', at: 3 },
  ...visible.map((event) => received('feed 1', event)),
  { kind: 'caught-up', feed: 'feed 1', audience: 'visitor', conversationId },
  // A newcomer starts again from the first.
  received('feed 2', m1),
  final('agent', ...whole),
  final('visitor', ...visible),
  standing(),
]
const without = (...gone: unknown[]) => sound.filter((entry) => !gone.includes(entry))
const finalsAs = (events: TimelineEvent[], rest = sound) => [
  ...rest.filter((entry) => entry.kind !== 'final'),
  final('agent', ...events),
]

test('a sound history has no violations', () => {
  expect(findViolations(sound)).toEqual([])
  expect(toVerdict([])).toEqual({ lost: 0, repeated: 0, outOfOrder: 0, limbo: 0 })
})

const planted: { name: string; history: Entry[]; kind: ViolationKind }[] = [
  {
    name: 'an acknowledged message that is not there',
    history: [...sound, sent('client-m9'), acked(5, 'client-m9')],
    kind: 'lost',
  },
  {
    name: 'an acknowledged message whose whole conversation is not there',
    history: sound.filter((entry) => !['final', 'caught-up', 'claim'].includes(entry.kind)),
    kind: 'lost',
  },
  {
    name: 'an acknowledged message that has other words',
    history: finalsAs([m1, queued, assigned(3, anna), { ...m4, text: 'other' } as TimelineEvent]),
    kind: 'altered',
  },
  {
    name: 'an acknowledged message that stands elsewhere',
    history: finalsAs([...whole.slice(0, 3), message(4, 'client-m9'), message(5, 'client-m2')]),
    kind: 'altered',
  },
  {
    name: 'a message that nobody sent',
    history: finalsAs([...whole, message(5, 'client-m9')]),
    kind: 'invented',
  },
  {
    name: 'one message stored twice',
    history: finalsAs([...whole, message(5, 'client-m2')]),
    kind: 'repeated',
  },
  {
    name: 'one message acknowledged as two',
    history: [...sound, acked(5, 'client-m2')],
    kind: 'repeated',
  },
  {
    name: 'an event shown twice to one feed',
    history: [...sound, received('feed 2', m1)],
    kind: 'repeated',
  },
  {
    name: 'an event that one link carried twice',
    history: [...sound, { kind: 'pushed-again', by: 'v', conversationId, seq: 1, at: 3 }],
    kind: 'repeated',
  },
  { name: 'a hole in the numbers', history: finalsAs([m1, queued, m4]), kind: 'hole' },
  {
    name: 'a hole in what a visitor sees',
    history: [...without(sound.at(-2)), final('visitor', m1, m4)],
    kind: 'hole',
  },
  {
    name: 'a hole in a feed',
    history: [...sound, received('feed 2', m4)],
    kind: 'hole',
  },
  {
    name: 'an earlier event shown after a later one',
    history: [...sound, received('feed 1', visible[1]!)],
    kind: 'out-of-order',
  },
  {
    name: 'two who see different events in one place',
    history: [...sound, received('feed 3', { ...m1, id: 'event-other' })],
    kind: 'out-of-order',
  },
  {
    name: 'two messages of one sender that changed places',
    history: [sent('client-m2'), ...sound],
    kind: 'sender-order',
  },
  {
    name: 'an open feed that lacks an event',
    history: [...sound, { ...sound.find((e) => e.kind === 'caught-up')!, feed: 'feed 2' } as Entry],
    kind: 'missed',
  },
  {
    name: 'a conversation given to a second agent while the first holds it',
    history: finalsAs([...whole, assigned(5, ben)]),
    kind: 'two-holders',
  },
  {
    name: 'two agents who were both told that it is theirs',
    history: [...sound, claim(ben.id, true, 3)],
    kind: 'two-holders',
  },
  {
    name: 'an agent who was told that it is theirs and never was',
    history: [...sound, claim(ben.id, true, null)],
    kind: 'two-holders',
  },
  {
    name: 'an agent with more conversations than they may hold',
    history: [
      ...sound,
      {
        kind: 'final',
        audience: 'agent',
        conversationId: 'conv-two2',
        events: [{ ...assigned(1, anna), conversationId: 'conv-two2', at: 35 }],
      },
    ],
    kind: 'over-capacity',
  },
  {
    name: 'a conversation held by somebody who is not there',
    history: [...sound, standing({ isAssigneePresent: false })],
    kind: 'limbo',
  },
  {
    name: 'a conversation held by nobody',
    history: [...sound, standing({ assigneeId: null })],
    kind: 'limbo',
  },
  {
    name: 'an offer without a deadline',
    history: [...sound, standing({ status: 'offered' })],
    kind: 'limbo',
  },
  {
    name: 'an offer long past its deadline',
    history: [...sound, standing({ status: 'offered', offerDeadlineAt: 50_000 })],
    kind: 'limbo',
  },
  {
    name: 'a message that was never answered',
    history: [...sound, sent('client-m9')],
    kind: 'unsettled',
  },
]

test.for(planted)('it finds $name', ({ history, kind }) => {
  const found = findViolations(history)
  expect(found.map((one) => one.kind)).toContain(kind)
  expect(found.every((one) => one.line === violationKinds[one.kind])).toBe(true)
  expect(Object.values(toVerdict(found)).reduce((sum, n) => sum + n)).toBe(found.length)
})

test('every kind of violation is planted above', () => {
  expect(new Set(planted.map((one) => one.kind))).toEqual(new Set(Object.keys(violationKinds)))
})

test('what is freed and what is taken in one millisecond is no excess', () => {
  const closed: TimelineEvent = { ...at(5, 4, 500), type: 'closed', by: 'agent', agent: anna }
  const second: Entry = {
    kind: 'final',
    audience: 'agent',
    conversationId: 'conv-two2',
    events: [{ ...assigned(1, anna), conversationId: 'conv-two2', at: 500 }],
  }
  expect(findViolations([second, ...finalsAs([...whole, closed], sound)])).not.toContainEqual(
    expect.objectContaining({ kind: 'over-capacity' }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { asSeenBy, histories, type Audience } from '../../test/support/histories.ts'
import type { TimelineEvent } from '../protocol/timeline-event.ts'
import { addEvents, emptyTimeline, hasGap, withoutGap, type Timeline } from './timeline.ts'

const audiences = fc.constantFrom<Audience>('visitor', 'agent')
const seen = fc
  .tuple(histories(), audiences)
  .map(([history, audience]) => asSeenBy(audience, history))

/** Arrivals: any order, any repeats, in batches of any size; `all` says whether nothing is missing at the end. */
const arrivals = (events: TimelineEvent[], all: boolean) =>
  fc
    .tuple(fc.shuffledSubarray(events, all ? { minLength: events.length } : {}), fc.array(fc.nat()))
    .chain(([order, repeats]) =>
      fc
        .shuffledSubarray(
          [
            ...order,
            ...(order.length > 0 ? repeats.map((n) => order[n % order.length]) : []),
          ].filter((event) => event !== undefined),
          { minLength: order.length + (order.length > 0 ? repeats.length : 0) },
        )
        .chain((mixed) =>
          fc.array(fc.nat(mixed.length), { maxLength: 6 }).map((cuts) => {
            const edges = [0, ...cuts.sort((a, b) => a - b), mixed.length]
            return edges.slice(1).map((end, i) => mixed.slice(edges[i], end))
          }),
        ),
    )

const play = (batches: TimelineEvent[][]) => batches.reduce<Timeline>(addEvents, emptyTimeline)

test('[5.3] any order and any repeats of the same events give the same timeline', () => {
  fc.assert(
    fc.property(
      seen.chain((events) => fc.tuple(fc.constant(events), arrivals(events, true))),
      ([events, batches]) => {
        const timeline = play(batches)
        expect(timeline.events).toEqual(events)
        expect(timeline.lastSeq).toBe(events.at(-1)?.seq ?? 0)
        expect(hasGap(timeline)).toBe(false)
        expect(timeline.early.size).toBe(0)
      },
    ),
  )
})

test('[5.3] whatever is missing, what is shown has no hole, and a gap is known', () => {
  fc.assert(
    fc.property(
      seen.chain((events) => fc.tuple(fc.constant(events), arrivals(events, false))),
      ([events, batches]) => {
        let timeline = emptyTimeline
        const arrived = new Set<TimelineEvent>()
        for (const batch of batches) {
          timeline = addEvents(timeline, batch)
          for (const event of batch) arrived.add(event)
          const whole = events.findIndex((event) => !arrived.has(event))
          expect(timeline.events).toEqual(whole < 0 ? events : events.slice(0, whole))
          expect(hasGap(timeline)).toBe(arrived.size > timeline.events.length)
        }
      },
    ),
  )
})

test('[5.3] old timeline + new events = fresh timeline', () => {
  fc.assert(
    fc.property(
      seen.chain((events) => fc.tuple(fc.constant(events), fc.nat(events.length))),
      ([events, cut]) => {
        const old = addEvents(emptyTimeline, events.slice(0, cut))
        expect(addEvents(old, events.slice(cut))).toEqual(addEvents(emptyTimeline, events))
      },
    ),
  )
})

test('[5.2] a note is a hole to nobody: a visitor misses nothing, an agent sees it', () => {
  const [note, , , assigned] = [2, 1, 3, 4].map((seq) => make(seq, seq - 1))
  if (!note || !assigned) throw new Error('unreachable')
  const visitor = addEvents(emptyTimeline, [make(1, 0), make(3, 1)])
  expect(visitor.lastSeq).toBe(3)
  expect(hasGap(visitor)).toBe(false)

  const agent = addEvents(emptyTimeline, [make(1, 0), make(3, 2)])
  expect(agent.lastSeq).toBe(1)
  expect(hasGap(agent)).toBe(true)
  expect(addEvents(agent, [note]).events.map(({ seq }) => seq)).toEqual([1, 2, 3])
})

test('[11.2] an event of an unknown type takes its place and is not shown', () => {
  const timeline = addEvents(emptyTimeline, [
    make(1, 0),
    { type: 'skipped', seq: 2, prev: 1 },
    make(3, 2),
  ])
  expect(timeline.events.map(({ seq }) => seq)).toEqual([1, 3])
  expect(hasGap(timeline)).toBe(false)
})

test('repeats leave the very same object, so that nothing is drawn again', () => {
  const timeline = addEvents(emptyTimeline, [make(1, 0), make(4, 3)])
  expect(addEvents(timeline, [make(1, 0), make(4, 3)])).toBe(timeline)
  expect(addEvents(timeline, [])).toBe(timeline)
})

test('an early arrival leaves the shown events as they are', () => {
  const timeline = addEvents(emptyTimeline, [make(1, 0)])
  expect(addEvents(timeline, [make(3, 2)]).events).toBe(timeline.events)
})

test('[10.4] what waits for a gap is bounded, and what was dropped is still known to be missing', () => {
  const far = Array.from({ length: 2_000 }, (_, i) => make(i + 10, i + 9))
  let timeline = emptyTimeline
  for (const event of far) timeline = addEvents(timeline, [event])
  expect(timeline.early.size).toBe(500)
  const filled = addEvents(
    timeline,
    Array.from({ length: 9 }, (_, i) => make(i + 1, i)),
  )
  expect(filled.lastSeq).toBe(509)
  expect(hasGap(filled)).toBe(true)
})

test('a gap that the server denies is given up', () => {
  const timeline = withoutGap(addEvents(emptyTimeline, [make(1, 0), make(9, 8)]))
  expect(hasGap(timeline)).toBe(false)
  expect(timeline.events).toHaveLength(1)
})

test('ten thousand messages, one by one, touch each event a bounded number of times', () => {
  let reads = 0
  const counted = (seq: number) => {
    const event = make(seq, seq - 1)
    return Object.defineProperty({ ...event }, 'seq', {
      enumerable: true,
      get: () => (reads++, seq),
    })
  }
  let timeline = emptyTimeline
  for (let seq = 1; seq <= 10_000; seq++) timeline = addEvents(timeline, [counted(seq)])
  expect(timeline.events).toHaveLength(10_000)
  expect(reads).toBeLessThan(10 * 10_000)
})

function make(seq: number, prev: number): TimelineEvent {
  return {
    type: 'message',
    conversationId: 'conversation',
    id: `event-${seq}`,
    seq,
    prev,
    at: seq,
    author: { kind: 'visitor', id: 'visitor-1', name: null },
    clientId: `client-${seq}`,
    text: 'x',
  }
}

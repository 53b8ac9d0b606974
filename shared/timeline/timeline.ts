import type { TimelineEvent } from '../protocol/timeline-event.ts'

/**
 * An event of a type that this client does not know: it takes its place in the order, so that what
 * follows it is no gap, and is never shown.
 */
export interface SkippedEvent {
  type: 'skipped'
  seq: number
  prev: number
}

export type AnyEvent = TimelineEvent | SkippedEvent

/** The events of one conversation as one audience sees them: complete up to `lastSeq`, in order, once. */
export interface Timeline {
  readonly events: readonly TimelineEvent[]
  /** All that this audience may see up to here is held. */
  readonly lastSeq: number
  /** The highest seq that was ever seen; above `lastSeq` something in between is missing. */
  readonly knownSeq: number
  /** What arrived too early, by seq. Bounded: what is dropped comes with the resume. */
  readonly early: ReadonlyMap<number, AnyEvent>
}

export const emptyTimeline: Timeline = { events: [], lastSeq: 0, knownSeq: 0, early: new Map() }

const maxEarly = 500

/** Whether something is missing that only a resume can bring. */
export function hasGap({ lastSeq, knownSeq }: Timeline): boolean {
  return knownSeq > lastSeq
}

/** Gives up what lies behind a gap that the server says does not exist. */
export function withoutGap({ events, lastSeq }: Timeline): Timeline {
  return { events, lastSeq, knownSeq: lastSeq, early: new Map() }
}

/**
 * Takes in events of any order, with any repeats (SPEC 5). An event is shown when the one that its `prev`
 * names is; until then it waits. Gives back the same object when nothing changed. Copies once per call,
 * however many events it brings.
 */
export function addEvents(timeline: Timeline, arrived: readonly AnyEvent[]): Timeline {
  let { lastSeq, knownSeq } = timeline
  const shown: TimelineEvent[] = []
  const early = new Map<number, AnyEvent>()

  for (const event of [...timeline.early.values(), ...arrived].sort((a, b) => a.seq - b.seq)) {
    if (event.seq <= lastSeq) continue
    knownSeq = Math.max(knownSeq, event.seq)
    // Not `===`: between `prev` and `seq` nothing is visible by the server's word, so holding more is no hole.
    if (event.prev <= lastSeq) {
      lastSeq = event.seq
      if (event.type !== 'skipped') shown.push(event)
    } else if (early.size < maxEarly) early.set(event.seq, event)
  }

  const isSame =
    lastSeq === timeline.lastSeq &&
    knownSeq === timeline.knownSeq &&
    early.size === timeline.early.size
  if (isSame) return timeline
  const events = shown.length > 0 ? [...timeline.events, ...shown] : timeline.events
  return { events, lastSeq, knownSeq, early }
}

import * as v from 'valibot'

import { timelineEventSchema, type TimelineEvent } from './timeline-event.ts'

/** Reads one event of a resume. Undefined for a type that this client does not know. Never throws. */
export function decodeEvent(raw: unknown): TimelineEvent | undefined {
  const parsed = v.safeParse(timelineEventSchema, raw, { abortEarly: true })
  return parsed.success ? parsed.output : undefined
}

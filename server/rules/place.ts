import { compareQueued, type Queued } from './queue-order.ts'

/** The place of each waiting conversation among those of its department; 1 is next. */
export function places(queue: readonly Queued[]): Map<string, number> {
  const placeOf = new Map<string, number>()
  const lastPlaceIn = new Map<string, number>()
  for (const waiting of [...queue].sort(compareQueued)) {
    if (placeOf.has(waiting.conversationId)) continue
    const place = (lastPlaceIn.get(waiting.departmentId) ?? 0) + 1
    lastPlaceIn.set(waiting.departmentId, place)
    placeOf.set(waiting.conversationId, place)
  }
  return placeOf
}

import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { EventTable } from '../store/schema.ts'

/** An event as agents see it: all of it, one after the other. */
export function toAgentEvent(row: EventTable): TimelineEvent {
  return toEvent(row, row.seq - 1)
}

/**
 * An event as its visitor sees it, or undefined where they may not see it at all.
 * Which types those are is decided once, when the event is written: `visitor_prev` is set for them alone.
 */
export function toVisitorEvent(row: EventTable): TimelineEvent | undefined {
  if (row.visitor_prev === null) return undefined
  // A second look at the type, so that no slip in writing can ever show a visitor what is internal.
  return isForVisitors(row.type) ? toEvent(row, row.visitor_prev) : undefined
}

const visitorTypes = new Set<EventTable['type']>([
  'message',
  'created',
  'assigned',
  'closed',
  'reopened',
])

export const isForVisitors = (type: EventTable['type']) => visitorTypes.has(type)

function toEvent(row: EventTable, prev: number): TimelineEvent {
  const common = {
    conversationId: row.conversation_id,
    id: row.id,
    seq: row.seq,
    prev,
    at: row.at,
  }
  if (row.type === 'message' || row.type === 'note') {
    return {
      ...common,
      type: row.type,
      author: {
        kind: row.author_kind ?? 'agent',
        id: row.author_id ?? '',
        name: row.author_name,
      },
      clientId: row.client_id ?? row.id,
      text: row.text ?? '',
    }
  }
  // The body was written by this program as one of the types; it is read back as it was.
  return { ...common, type: row.type, ...JSON.parse(row.body ?? '{}') } as TimelineEvent
}

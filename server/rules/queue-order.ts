import type { Priority } from '../../shared/protocol/conversation.ts'

/** What the order of the queue depends on; nothing else may. */
export interface Queued {
  conversationId: string
  departmentId: string
  priority: Priority
  /** When it entered the queue, ms. */
  queuedAt: number
  /** It came back because its agent was lost: before all others of its priority. */
  isFront: boolean
}

const urgency: Record<Priority, number> = { urgent: 0, high: 1, normal: 2 }

/** The one order of the queue: priority, then who came back, then arrival, then id. */
export function compareQueued(one: Queued, other: Queued) {
  return (
    urgency[one.priority] - urgency[other.priority] ||
    Number(other.isFront) - Number(one.isFront) ||
    one.queuedAt - other.queuedAt ||
    compareText(one.conversationId, other.conversationId)
  )
}

/** By code units: the same everywhere, whatever the locale. */
export function compareText(one: string, other: string) {
  return one < other ? -1 : one > other ? 1 : 0
}

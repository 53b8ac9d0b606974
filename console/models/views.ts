import type { ConversationRow, Priority } from '../../shared/protocol/conversation.ts'
import type { InboxView } from '../routes.ts'

const rank: Record<Priority, number> = { urgent: 0, high: 1, normal: 2 }
const last = Number.MAX_SAFE_INTEGER

export const isOfferedTo = (row: ConversationRow, agentId: string) =>
  row.status === 'offered' && row.offer?.agentId === agentId

const isWaiting = (row: ConversationRow) => row.status === 'queued' || row.status === 'offered'

/** Whether a row has its place in a view of this agent. */
export function isInView(row: ConversationRow, view: InboxView, myId: string): boolean {
  switch (view) {
    case 'mine':
      return row.status !== 'closed' && (row.assigneeId === myId || isOfferedTo(row, myId))
    case 'queue':
      return isWaiting(row)
    case 'team':
      return row.status !== 'closed' && !isWaiting(row)
    case 'closed':
      return row.status === 'closed'
  }
}

/** The order of a view: most urgent first, and the same for the same rows. */
export function compareIn(view: InboxView, myId: string) {
  return (a: ConversationRow, b: ConversationRow): number => {
    const byId = a.id < b.id ? -1 : 1
    switch (view) {
      case 'closed':
        return (b.closedAt ?? 0) - (a.closedAt ?? 0) || byId
      case 'queue':
        return (
          rank[a.priority] - rank[b.priority] || (a.queuedAt ?? last) - (b.queuedAt ?? last) || byId
        )
      case 'mine':
      case 'team':
        return (
          Number(isOfferedTo(b, myId)) - Number(isOfferedTo(a, myId)) ||
          Number(b.waitingSince !== null) - Number(a.waitingSince !== null) ||
          rank[a.priority] - rank[b.priority] ||
          (a.waitingSince ?? 0) - (b.waitingSince ?? 0) ||
          b.updatedAt - a.updatedAt ||
          byId
        )
    }
  }
}

/** The rows of a view, in its order. */
export function toView(rows: Iterable<ConversationRow>, view: InboxView, myId: string) {
  return [...rows].filter((row) => isInView(row, view, myId)).sort(compareIn(view, myId))
}

/** Since when the person of this row waits for somebody: in the queue, or for the next words. */
export const toWaitingSince = (row: ConversationRow): number | null =>
  row.status === 'closed' ? null : (row.queuedAt ?? row.waitingSince)

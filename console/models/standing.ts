import type { ConversationRow, ConversationStatus } from '../../shared/protocol/conversation.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'

/** Where a conversation stands: what it is, and who has it. */
export interface Standing {
  status: ConversationStatus
  assigneeId: string | null
}

/**
 * Reads the standing from the history, for a conversation that no list holds (an old one opened by its address).
 * The row wins where there is one: it is what the server decided last.
 */
export function toStanding(
  row: ConversationRow | undefined,
  events: readonly TimelineEvent[],
): Standing | undefined {
  if (row) return { status: row.status, assigneeId: row.assigneeId }
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index]
    switch (event?.type) {
      case 'assigned':
        return { status: 'assigned', assigneeId: event.agent.id }
      case 'closed':
        return { status: 'closed', assigneeId: null }
      case 'offered':
        return { status: 'offered', assigneeId: null }
      case 'created':
      case 'queued':
      case 'declined':
      case 'expired':
      case 'unassigned':
        return { status: 'queued', assigneeId: null }
      default:
      // Messages, notes and the like do not move a conversation.
    }
  }
  return undefined
}

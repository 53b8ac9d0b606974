import {
  type ConversationRow,
  type Priority,
  priorities,
  type VisitorConversation,
} from '../../shared/protocol/conversation.ts'
import type { ConversationTable, ConversationWithVisitor } from '../store/schema.ts'

const previewLength = 140

const shorten = (text: string) =>
  text.length <= previewLength ? text : `${text.slice(0, previewLength).toWellFormed()}…`

export const toPriority = (rank: number): Priority => priorities[rank] ?? 'normal'

/** A row of the console's lists. */
export function toRow(row: ConversationWithVisitor, isVisitorPresent: boolean): ConversationRow {
  return {
    id: row.id,
    status: row.status,
    siteId: row.site_id,
    departmentId: row.department_id,
    priority: toPriority(row.priority),
    visitorName: row.visitor_name,
    visitorId: row.visitor_id,
    hue: row.visitor_hue,
    isVisitorPresent,
    timeZone: row.time_zone,
    assigneeId: row.assignee_id,
    offer:
      row.offer_id && row.offer_agent_id && row.offer_deadline_at
        ? { id: row.offer_id, agentId: row.offer_agent_id, deadlineAt: row.offer_deadline_at }
        : null,
    lastSeq: row.last_seq,
    agentReadSeq: row.agent_read_seq,
    visitorReadSeq: row.visitor_read_seq,
    unread: row.agent_unread,
    lastMessage:
      row.last_author && row.last_at !== null
        ? {
            text: shorten(row.last_text ?? ''),
            author: row.last_author,
            authorId: row.last_author_id ?? '',
            at: row.last_at,
          }
        : null,
    startedAt: row.created_at,
    queuedAt: row.status === 'queued' || row.status === 'offered' ? row.queued_at : null,
    waitingSince: row.closed_at === null ? row.waiting_since : null,
    closedAt: row.closed_at,
    updatedAt: row.updated_at,
  }
}

/** How far the agents have read, to a visitor: not past what the visitor can see, or the number would tell of notes. */
export const toVisitorMark = (
  agentReadSeq: number,
  { visitor_last_seq }: Pick<ConversationTable, 'visitor_last_seq'>,
) => Math.min(agentReadSeq, visitor_last_seq)

export interface VisitorFacts {
  department: string
  agent: { id: string; name: string; isPresent: boolean } | null
  place: number | null
}

/** A conversation as its visitor sees it: a field is here because it was put here. */
export function toVisitorConversation(
  row: ConversationTable,
  { department, agent, place }: VisitorFacts,
  lastVisible: { text: string; isMine: boolean; at: number } | null,
): VisitorConversation {
  return {
    id: row.id,
    status: row.closed_at !== null ? 'closed' : row.status === 'assigned' ? 'active' : 'waiting',
    agent: agent && { id: agent.id, name: agent.name, isPresent: agent.isPresent },
    department,
    lastSeq: row.visitor_last_seq,
    visitorReadSeq: row.visitor_read_seq,
    agentReadSeq: toVisitorMark(row.agent_read_seq, row),
    unread: row.visitor_unread,
    lastMessage: lastVisible && { ...lastVisible, text: shorten(lastVisible.text) },
    place,
    startedAt: row.created_at,
    closedAt: row.closed_at,
  }
}

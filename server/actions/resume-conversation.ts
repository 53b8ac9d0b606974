import { limits } from '../../shared/protocol/limits.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { Caller, Context } from '../context.ts'
import { toVisitorMark } from '../views/conversation-view.ts'
import { toAgentEvent, toVisitorEvent } from '../views/timeline-view.ts'
import { assertMaySee } from './may-see.ts'

export interface ResumedPage {
  events: TimelineEvent[]
  hasMore: boolean
  visitorReadSeq: number
  agentReadSeq: number
  /** How far this page is complete: live events up to here are in it already. */
  upTo: number
  /** The client has more than there is (a restored backup): it must forget and start from 0. */
  isAhead: boolean
}

/** What came after `after`, in order, as far as the caller may see it; one page. */
export async function resumeConversation(
  { store }: Context,
  caller: Caller,
  { conversationId, after }: { conversationId: string; after: number },
): Promise<ResumedPage> {
  const row = await store.hotRead.findConversation(conversationId)
  assertMaySee(caller, row)
  const limit = limits.resumePage
  const rows =
    caller.kind === 'visitor'
      ? await store.hotRead.listVisitorEvents(conversationId, after, limit + 1)
      : await store.hotRead.listEvents(conversationId, after, limit + 1)
  const page = rows.slice(0, countThatFit(rows, limit))
  const hasMore = rows.length > page.length
  const toEvent = caller.kind === 'visitor' ? toVisitorEvent : toAgentEvent
  return {
    events: page.map(toEvent).filter((event) => event !== undefined),
    hasMore,
    visitorReadSeq: row.visitor_read_seq,
    agentReadSeq:
      caller.kind === 'visitor' ? toVisitorMark(row.agent_read_seq, row) : row.agent_read_seq,
    upTo: page.at(-1)?.seq ?? Math.min(after, row.last_seq),
    isAhead: after > row.last_seq,
  }
}

/** Characters of one page. Long messages make a page short in number, so that no answer is ever huge. */
const pageLength = 100_000

function countThatFit(rows: readonly { text: string | null; body: string | null }[], most: number) {
  let length = 0
  for (const [index, { text, body }] of rows.entries()) {
    length += (text?.length ?? 0) + (body?.length ?? 0)
    if (index >= most || (index > 0 && length > pageLength)) return index
  }
  return rows.length
}

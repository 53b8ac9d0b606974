import type { AgentCaller, Context, VisitorCaller } from '../context.ts'
import { countMessagesAfter } from '../store/conversations.ts'
import { toVisitorMark } from '../views/conversation-view.ts'
import { ConversationDraft } from './conversation-draft.ts'
import { assertMaySee } from './may-see.ts'

/**
 * Moves the reading mark of the caller's side; never back, never past what is there.
 * Only the agent who holds a conversation moves the agents' mark: to the visitor "Read" means that their agent has.
 */
export async function setRead(
  context: Context,
  caller: VisitorCaller | AgentCaller,
  { conversationId, seq }: { conversationId: string; seq: number },
) {
  const side = caller.kind
  const moved = await context.store.transaction(async (tx) => {
    const row = await tx.hot.lockConversation(conversationId)
    assertMaySee(caller, row)
    if (caller.kind === 'agent' && row.assignee_id !== caller.agentId) return undefined

    const { row: next } = new ConversationDraft(row, context)
    // A visitor's mark ends at what they can see: past it, the number would tell of notes.
    const mark = Math.min(seq, side === 'visitor' ? row.visitor_last_seq : row.last_seq)
    let visitorSeq: number | null = mark
    if (side === 'visitor') {
      if (mark <= row.visitor_read_seq) return undefined
      next.visitor_read_seq = mark
      next.visitor_unread =
        mark >= row.visitor_last_seq
          ? 0
          : await countMessagesAfter(tx.db, conversationId, 'agent', mark)
    } else {
      if (mark <= row.agent_read_seq) return undefined
      visitorSeq = toVisitorMark(mark, row)
      if (visitorSeq === toVisitorMark(row.agent_read_seq, row)) visitorSeq = null
      next.agent_read_seq = mark
      next.agent_unread =
        mark >= row.last_seq ? 0 : await countMessagesAfter(tx.db, conversationId, 'visitor', mark)
    }
    await tx.hot.touchConversation(next)
    return { seq: mark, visitorSeq }
  })
  if (moved === undefined) return
  const origin = caller.connectionId
  context.bus.publish({ type: 'read', conversationId, by: side, ...moved, origin })
  context.bus.publish({ type: 'conversation', conversationId, isRestructured: false })
}

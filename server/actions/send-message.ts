import type { StartFacts } from '../../shared/protocol/commands.ts'
import type { AgentCaller, Context, VisitorCaller } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import type { EventTable } from '../store/schema.ts'
import type { Tx } from '../store/store.ts'
import {
  announce,
  type Author,
  type ConversationDraft,
  lockForChange,
} from './conversation-draft.ts'
import { agentMaySee, assertMaySee } from './may-see.ts'
import { assertFewOpen, createConversation, findOrCreateVisitor } from './start-conversation.ts'
import { enqueue } from './transitions.ts'

interface Words {
  conversationId: string
  clientId: string
  text: string
}

interface Sent {
  event: EventTable
  draft?: ConversationDraft
}

/**
 * Posts a visitor's message; creates the visitor and the conversation when `start` is given and they are not there.
 * A message into a closed conversation opens it again: it was written before its author could know.
 * Safe to repeat with the same clientId. `onStored` is called after the commit, before others hear of it.
 */
export async function sendVisitorMessage(
  context: Context,
  caller: VisitorCaller,
  words: Words & { start?: StartFacts | undefined },
  onStored: (visitorId: string) => void = () => {},
) {
  const { visitorId, event, draft } = await context.store.transaction(async (tx) => {
    const visitor = await findOrCreateVisitor(tx, context, caller, words.start)
    let draft = await lockForChange(tx, context, words.conversationId)
    if (!draft) {
      if (!words.start) throw notFound()
      caller.assertMayStart()
      draft = await createConversation(tx, context, caller, visitor, words)
    }
    assertMaySee({ ...caller, visitorId: visitor.id }, draft.row)

    const author: Author = { kind: 'visitor', id: visitor.id, name: visitor.name }
    const sent = await post(tx, draft, 'message', author, words)
    return { visitorId: visitor.id, ...sent }
  })

  onStored(visitorId)
  if (draft) announce(context, draft, caller.connectionId)
  return event
}

/** Posts an agent's message. Only who holds the conversation speaks in it. Safe to repeat. */
export async function sendAgentMessage(context: Context, caller: AgentCaller, words: Words) {
  return sendAgentWords(context, caller, 'message', words)
}

/** Posts an internal note: everyone who may see the conversation may leave one, also after its end. Safe to repeat. */
export async function sendNote(context: Context, caller: AgentCaller, words: Words) {
  return sendAgentWords(context, caller, 'note', words)
}

async function sendAgentWords(
  context: Context,
  caller: AgentCaller,
  type: 'message' | 'note',
  words: Words,
) {
  const { event, draft } = await context.store.transaction(async (tx): Promise<Sent> => {
    const draft = await lockForChange(tx, context, words.conversationId)
    if (!draft) throw notFound()
    const author: Author = { kind: 'agent', id: caller.agentId, name: caller.name }
    return post(tx, draft, type, author, words, () => {
      if (!agentMaySee(caller, draft.row)) throw notFound()
      if (type === 'message') assertMaySpeak(caller, draft)
    })
  })
  if (draft) announce(context, draft, caller.connectionId)
  return event
}

function assertMaySpeak({ agentId }: AgentCaller, { row }: ConversationDraft) {
  if (row.closed_at !== null) {
    throw new AppError('conversation-closed', 'This conversation is closed. Reopen it to answer.')
  }
  if (row.assignee_id !== agentId) {
    throw new AppError('not-allowed', 'Only the agent who holds a conversation answers in it.')
  }
}

/**
 * The repeat check comes before any other: what was stored once is answered the same for ever, also when its author
 * has lost the conversation since and may not see it any more. Nobody finds another's message by it.
 */
async function post(
  tx: Tx,
  draft: ConversationDraft,
  type: 'message' | 'note',
  author: Author,
  { clientId, text }: Words,
  assertAllowed: () => void = () => {},
): Promise<Sent> {
  const earlier =
    draft.row.last_seq === 0
      ? undefined
      : await tx.hot.findEventByClientId(draft.row.id, author.id, clientId)
  if (earlier) {
    if (earlier.text === text && earlier.type === type) return { event: earlier }
    throw new AppError('client-id-reused', 'This clientId was used for another message.')
  }
  assertAllowed()

  const { row } = draft
  if (author.kind === 'visitor' && row.closed_at !== null) {
    await assertFewOpen(tx.db, author.id)
    draft.add('reopened', { by: 'visitor', agent: null })
    enqueue(draft, 'reopened')
  }
  const event = draft.addWords(type, author, clientId, text)
  countWords(draft, type, author, text)
  // A first message is what makes a new conversation wait for somebody.
  if (row.status === 'bot') enqueue(draft, 'new')
  await draft.write(tx)
  return { event, draft }
}

function countWords(
  draft: ConversationDraft,
  type: 'message' | 'note',
  author: Author,
  text: string,
) {
  const { row } = draft
  Object.assign(row, {
    last_text: text,
    last_author: type === 'note' ? 'note' : author.kind,
    last_author_id: author.id,
    last_at: draft.at,
  })
  if (type === 'note') return
  row.first_text ??= text
  if (author.kind === 'visitor') {
    row.agent_unread += 1
    row.waiting_since ??= draft.at
    row.visitor_read_seq = row.last_seq
    row.visitor_unread = 0
    return
  }
  row.visitor_unread += 1
  row.waiting_since = null
  row.agent_read_seq = row.last_seq
  row.agent_unread = 0
  if (row.answered_at === null) draft.set({ answered_at: draft.at })
}

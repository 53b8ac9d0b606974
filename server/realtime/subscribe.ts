import { assertMaySee } from '../actions/may-see.ts'
import { resumeConversation } from '../actions/resume-conversation.ts'
import type { Caller } from '../context.ts'
import { notFound } from '../errors.ts'
import type { Connection } from './connection.ts'
import type { RealtimeDeps } from './deps.ts'

/** Subscribes first, then reads: what is committed in between arrives live, and is dropped if the page has it. */
export async function resume(
  { context, hub }: RealtimeDeps,
  connection: Connection,
  caller: Caller,
  command: { conversationId: string; after: number },
) {
  const { conversationId } = command
  const wasSubscribed = connection.subscriptions.has(conversationId)
  if (!wasSubscribed) {
    // Nobody hears of a conversation before it is certain that they may see it.
    assertMaySee(caller, await context.store.hotRead.findConversation(conversationId))
    if (connection.isClosed) return {}
    hub.subscribe(connection, conversationId)
  }
  const { upTo, isAhead, ...page } = await connection.inTurn(() =>
    resumeConversation(context, caller, command),
  )
  if (isAhead) connection.sendJson({ type: 'resync', conversationId })
  if (connection.subscriptions.has(conversationId)) {
    const known = connection.subscriptions.get(conversationId) ?? 0
    connection.subscriptions.set(conversationId, Math.max(known, upTo))
  }
  return page
}

/** A subscription was granted by `maySee`; without one the answer is the same as for what is missing. */
export function assertSubscribed(connection: Connection, conversationId: string) {
  if (!connection.subscriptions.has(conversationId)) throw notFound()
}

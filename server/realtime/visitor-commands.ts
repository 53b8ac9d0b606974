import type { VisitorCommand } from '../../shared/protocol/commands.ts'
import { unreachable } from '../../shared/unreachable.ts'
import { closeAsVisitor } from '../actions/change-hands.ts'
import { sendVisitorMessage } from '../actions/send-message.ts'
import { setContact, setPage } from '../actions/set-contact.ts'
import { setRead } from '../actions/set-read.ts'
import type { VisitorCaller } from '../context.ts'
import { toVisitorEvent } from '../views/timeline-view.ts'
import type { Connection } from './connection.ts'
import type { RealtimeDeps } from './deps.ts'
import type { Hub } from './hub.ts'
import { assertSubscribed, resume } from './subscribe.ts'
import { visitorState } from './visitor-state.ts'

/** Conversations that a visitor is shown at once; older ones are not lost, only not listed. */
export const maxListed = 20

/** Carries out a command of a visitor and gives the result of its `ok`. */
export async function runVisitorCommand(
  deps: RealtimeDeps,
  connection: Connection,
  caller: VisitorCaller,
  command: VisitorCommand,
): Promise<unknown> {
  const { context, hub, directory } = deps
  if (caller.visitorId === undefined && command.type !== 'message.send') {
    // Their first message may have come over another connection since.
    const known = await context.store.hotRead.findVisitorByTokenHash(
      caller.siteId,
      caller.tokenHash,
    )
    if (known) recognise(hub, connection, caller, known.id)
  }
  switch (command.type) {
    case 'message.send': {
      // Before the others hear of it: what else came of the message, `created` for one, reaches its sender too.
      const event = await sendVisitorMessage(context, caller, command, (visitorId) => {
        recognise(hub, connection, caller, visitorId)
        if (!connection.isClosed) hub.subscribe(connection, command.conversationId)
      })
      return { event: toVisitorEvent(event) }
    }
    case 'conversation.resume':
      return resume(deps, connection, caller, command)
    case 'conversation.list':
      return { conversations: await listVisitorStates(deps, caller) }
    case 'conversation.close':
      await closeAsVisitor(context, caller, command.conversationId)
      return {}
    case 'read.set':
      await setRead(context, caller, command)
      return {}
    case 'typing.set': {
      assertSubscribed(connection, command.conversationId)
      const site = directory.sitesById.get(caller.siteId)
      const isShown = site?.settings.typingPreview === true && command.text !== undefined
      context.bus.publish({
        type: 'typing',
        conversationId: command.conversationId,
        by: { kind: 'visitor', id: caller.visitorId ?? '' },
        isTyping: command.isTyping,
        isForVisitor: true,
        // What is typed but not sent is nobody's business unless the site says so, and says it to the visitor.
        ...(isShown && command.text !== undefined ? { text: command.text } : {}),
        origin: connection.id,
      })
      return {}
    }
    case 'contact.set':
      await setContact(context, caller, command)
      return {}
    case 'page.set':
      await setPage(context, caller, command.page)
      return {}
    case 'ping':
      return {}
    default:
      return unreachable(command)
  }
}

/** Files a connection under the visitor that it turned out to be. */
function recognise(hub: Hub, connection: Connection, caller: VisitorCaller, visitorId: string) {
  if (caller.visitorId !== undefined) return
  caller.visitorId = visitorId
  if (!connection.isClosed) hub.identify(connection)
}

export async function listVisitorStates(deps: RealtimeDeps, caller: VisitorCaller) {
  if (caller.visitorId === undefined) return []
  const rows = await deps.context.store.hotRead.listVisitorConversations(
    caller.visitorId,
    maxListed,
  )
  return Promise.all(rows.map((row) => visitorState(deps, row)))
}

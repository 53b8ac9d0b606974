import type { AgentCommand } from '../../shared/protocol/commands.ts'
import { unreachable } from '../../shared/unreachable.ts'
import { setCapacity, setStatus } from '../actions/agent-settings.ts'
import {
  acceptOffer,
  claimConversation,
  closeAsAgent,
  declineOffer,
  reopenConversation,
} from '../actions/change-hands.ts'
import { getDetails, listView } from '../actions/look-up.ts'
import { sendAgentMessage, sendNote } from '../actions/send-message.ts'
import { setRead } from '../actions/set-read.ts'
import type { AgentCaller } from '../context.ts'
import { toRow } from '../views/conversation-view.ts'
import { toAgentEvent } from '../views/timeline-view.ts'
import type { Connection } from './connection.ts'
import type { RealtimeDeps } from './deps.ts'
import { assertSubscribed, resume } from './subscribe.ts'

/** Carries out a command of an agent and gives the result of its `ok`. */
export async function runAgentCommand(
  deps: RealtimeDeps,
  connection: Connection,
  caller: AgentCaller,
  command: AgentCommand,
): Promise<unknown> {
  const { context, hub } = deps
  switch (command.type) {
    case 'message.send':
      return { event: toAgentEvent(await sendAgentMessage(context, caller, command)) }
    case 'note.send':
      return { event: toAgentEvent(await sendNote(context, caller, command)) }
    case 'conversation.resume':
      return resume(deps, connection, caller, command)
    case 'conversation.details':
      return getDetails(context, caller, command.conversationId)
    case 'conversation.list': {
      const { rows, nextCursor } = await listView(context, caller, command)
      return { rows: rows.map((row) => toRow(row, hub.isVisitorHere(row.visitor_id))), nextCursor }
    }
    case 'offer.accept':
      await acceptOffer(context, caller, command)
      return {}
    case 'offer.decline':
      await declineOffer(context, caller, command)
      return {}
    case 'conversation.claim':
      await claimConversation(context, caller, command.conversationId)
      return {}
    case 'conversation.close':
      await closeAsAgent(context, caller, command.conversationId)
      return {}
    case 'conversation.reopen':
      await reopenConversation(context, caller, command.conversationId)
      return {}
    case 'read.set':
      await setRead(context, caller, command)
      return {}
    case 'typing.set': {
      assertSubscribed(connection, command.conversationId)
      const row = await context.store.hotRead.findConversation(command.conversationId)
      context.bus.publish({
        type: 'typing',
        conversationId: command.conversationId,
        by: { kind: 'agent', id: caller.agentId },
        isTyping: command.isTyping,
        isForVisitor: row?.status === 'assigned' && row.assignee_id === caller.agentId,
        origin: connection.id,
      })
      return {}
    }
    case 'status.set':
      await setStatus(context, caller, command.status)
      return {}
    case 'capacity.set':
      await setCapacity(context, caller, command.capacity)
      return {}
    case 'ping':
      return {}
    default:
      return unreachable(command)
  }
}

import type { VisitorConversation } from '../../shared/protocol/conversation.ts'
import type { Context } from '../context.ts'
import type { ConversationTable } from '../store/schema.ts'
import { toVisitorConversation } from '../views/conversation-view.ts'
import type { Directory } from './directory.ts'
import type { Places } from './places.ts'

export interface VisitorStateDeps {
  context: Context
  directory: Directory
  places: Places
}

/** A conversation as its visitor sees it now. */
export async function visitorState(
  { context, directory, places }: VisitorStateDeps,
  row: ConversationTable,
): Promise<VisitorConversation> {
  const agent = row.assignee_id === null ? undefined : directory.agents.get(row.assignee_id)
  const isWaiting = row.status === 'queued' || row.status === 'offered'
  return toVisitorConversation(
    row,
    {
      department: directory.departments.get(row.department_id) ?? '',
      agent: agent
        ? { id: agent.id, name: agent.name, isPresent: agent.isPresent && agent.status !== 'away' }
        : null,
      place: isWaiting ? places.of(row.id) : null,
    },
    await lastVisibleWords(context, row),
  )
}

/** The last words may be an internal note: then the last message before it is looked up. */
async function lastVisibleWords({ store }: Context, row: ConversationTable) {
  if (row.last_author === null || row.last_at === null) return null
  if (row.last_author !== 'note') {
    return { text: row.last_text ?? '', isMine: row.last_author === 'visitor', at: row.last_at }
  }
  const message = await store.read
    .selectFrom('event')
    .select(['text', 'author_kind', 'at'])
    .where('conversation_id', '=', row.id)
    .where('type', '=', 'message')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return message
    ? { text: message.text ?? '', isMine: message.author_kind === 'visitor', at: message.at }
    : null
}

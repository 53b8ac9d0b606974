import type { ConversationRow as Row } from '../../shared/protocol/conversation.ts'
import { isOfferedTo, toWaitingSince } from '../models/views.ts'
import type { InboxView } from '../routes.ts'
import { t } from '../strings/current.ts'
import { toAvatarName, toVisitorName } from '../text/names.ts'
import { Avatar } from './Avatar.tsx'
import { useWorkspace } from './context.ts'
import { Link } from './Link.tsx'
import { ShortTime, Wait } from './Time.tsx'

interface RowProps {
  row: Row
  view: InboxView
  isOpen: boolean
  isTyping: boolean
}

/** A conversation in the list: who, last words, how long, how late. */
export function ConversationRow({ row, view, isOpen, isTyping }: RowProps) {
  const { inbox } = useWorkspace()
  const myId = inbox.me.value.id
  const name = toVisitorName(row.visitorName, row.timeZone)
  const isUnread = row.unread > 0 && row.status !== 'closed'

  return (
    <Link
      class={`row${isUnread ? ' row-unread' : ''}`}
      to={{ screen: 'inbox', view, conversationId: row.id }}
      aria-current={isOpen ? 'true' : undefined}
      data-conversation={row.id}
    >
      <Avatar
        name={toAvatarName(row.visitorName)}
        hue={row.hue}
        presence={row.isVisitorPresent ? 'online' : undefined}
      />
      <span class="row-name" dir="auto">
        {name}
        {row.isVisitorPresent && <span class="visually-hidden">, {t.list.isHere}</span>}
      </span>
      <span class="row-time">
        <ShortTime at={row.lastMessage?.at ?? row.startedAt} />
      </span>
      <span class={isTyping ? 'row-words row-typing' : 'row-words'} dir="auto">
        {isTyping ? t.list.typing : toLastWords(row, myId, findName(inbox.colleagues.value, row))}
      </span>
      <RowChip row={row} view={view} />
      {isUnread && <span class="visually-hidden">, {t.list.unread(row.unread)}</span>}
    </Link>
  )
}

/** The one thing that matters most about this row right now. */
function RowChip({ row, view }: { row: Row; view: InboxView }) {
  const { inbox } = useWorkspace()
  const myId = inbox.me.value.id
  if (isOfferedTo(row, myId)) return <span class="chip chip-accent">{t.list.offered}</span>

  const since = toWaitingSince(row)
  if (since !== null) {
    return (
      <span class="row-chips">
        {row.unread > 1 && view !== 'queue' && <Count row={row} />}
        <span class={`chip ${row.priority === 'normal' ? 'chip-warn' : 'chip-bad'}`}>
          <span class="visually-hidden">, {t.list.waits('')}</span>
          <Wait since={since} />
        </span>
      </span>
    )
  }
  if (row.unread > 0 && row.status !== 'closed') return <Count row={row} />
  const holder =
    view === 'team' && row.assigneeId ? inbox.colleagues.value.get(row.assigneeId) : undefined
  if (holder) {
    return (
      <span class="chip" title={t.list.heldBy(holder.name)}>
        {holder.id === myId ? t.you : holder.name}
      </span>
    )
  }
  return null
}

const Count = ({ row }: { row: Row }) => (
  <span class="count" aria-hidden="true">
    {row.unread > 99 ? '99+' : row.unread}
  </span>
)

function findName(colleagues: ReadonlyMap<string, { name: string }>, row: Row) {
  return row.lastMessage ? colleagues.get(row.lastMessage.authorId)?.name : undefined
}

function toLastWords(row: Row, myId: string, colleague: string | undefined): string {
  const last = row.lastMessage
  if (!last) return t.list.noWords
  if (last.author === 'note') return t.list.note(last.text)
  if (last.author === 'visitor') return last.text
  if (last.authorId === myId) return t.list.you(last.text)
  return colleague ? t.list.colleague(colleague, last.text) : last.text
}

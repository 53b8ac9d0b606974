import type { VisitorConversation } from '../../../shared/protocol/conversation.ts'
import type { ChatStrings } from '../strings/chat.en.ts'
import type { When } from '../when.ts'
import { Avatar } from './Avatar.tsx'

interface ConversationCardProps {
  conversation: VisitorConversation
  t: ChatStrings
  when: When
  onOpen: () => void
}

/** One conversation in the list: with whom, the last words, how long ago. */
export function ConversationCard({ conversation, t, when, onOpen }: ConversationCardProps) {
  const { agent, department, lastMessage, startedAt, unread } = conversation
  const name = agent?.name ?? department
  const at = lastMessage?.at ?? startedAt
  return (
    <li>
      <button type="button" class={`card${unread > 0 ? ' news' : ''}`} onClick={onOpen}>
        <Avatar id={agent?.id ?? department} name={name} />
        <span class="what">
          <b>
            <bdi>{name}</bdi>
          </b>
          <span class="words" dir="auto">
            {lastMessage?.isMine && `${t.you}: `}
            {lastMessage?.text}
          </span>
        </span>
        <span class="aside">
          <time title={when.full(at)} dateTime={new Date(at).toISOString()}>
            {when.ago(at)}
          </time>
          {unread > 0 && <span class="count">{t.newMessages(unread)}</span>}
        </span>
      </button>
    </li>
  )
}

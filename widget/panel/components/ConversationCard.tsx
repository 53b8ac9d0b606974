import type { VisitorConversation } from '../../../shared/protocol/conversation.ts'
import type { Strings } from '../strings/en.ts'
import type { When } from '../when.ts'
import { Avatar } from './Avatar.tsx'

interface ConversationCardProps {
  conversation: VisitorConversation
  now: number
  t: Strings
  when: When
  onOpen: () => void
}

/** One conversation in the list: with whom, the last words, how long ago. */
export function ConversationCard({ conversation, now, t, when, onOpen }: ConversationCardProps) {
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
            {when.ago(at, now)}
          </time>
          {unread > 0 && <span class="count">{t.newMessages(unread)}</span>}
        </span>
      </button>
    </li>
  )
}

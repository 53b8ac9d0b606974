import type { Contact } from '../models/contact.ts'
import type { Conversation } from '../models/conversation.ts'
import type { Panel } from '../models/panel.ts'
import type { Session } from '../models/session.ts'
import type { ChatStrings } from '../strings/chat.en.ts'
import type { When } from '../when.ts'
import { ChatHeader } from './ChatHeader.tsx'
import { EmailForm } from './EmailForm.tsx'
import { MessageList } from './MessageList.tsx'

export interface ChatProps {
  panel: Panel
  session: Session
  contact: Contact
  conversation: Conversation
  t: ChatStrings
  when: When
}

/** One conversation on the screen. */
export function Chat({ panel, session, contact, conversation, t, when }: ChatProps) {
  const summary = conversation.summary.value
  const status = summary?.status
  const isAnswered = status === 'active' || status === 'closed'
  const isAlone = session.team.value?.isAvailable === false && !isAnswered
  const typist = summary?.agent?.name ?? t.somebody

  return (
    <>
      <ChatHeader panel={panel} session={session} conversation={conversation} t={t} />
      <MessageList
        items={conversation.items.value}
        typist={conversation.isAgentTyping.value ? typist : undefined}
        isLoading={!!summary && !conversation.isLoaded.value}
        t={t}
        when={when}
        onRetry={panel.retry}
        onEnd={(isAtEnd) => (conversation.isAtEnd.value = isAtEnd)}
      >
        {isAlone && (
          <EmailForm
            contact={contact}
            hasEmail={session.welcome.value?.visitor.hasEmail ?? false}
            t={t}
          />
        )}
        {!isAlone && status === 'waiting' && (
          <div class="line place">
            <i />
            {summary?.place ? t.place(summary.place) : t.waiting}
          </div>
        )}
      </MessageList>
    </>
  )
}

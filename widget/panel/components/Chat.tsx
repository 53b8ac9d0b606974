import { useSignal, useSignalEffect } from '@preact/signals'

import type { Conversation } from '../models/conversation.ts'
import type { Panel } from '../models/panel.ts'
import type { Strings } from '../strings/en.ts'
import type { When } from '../when.ts'
import { ChatHeader } from './ChatHeader.tsx'
import { EmailForm } from './EmailForm.tsx'
import { MessageList } from './MessageList.tsx'

interface ChatProps {
  panel: Panel
  conversation: Conversation
  t: Strings
  when: When
}

/** One conversation on the screen. */
export function Chat({ panel, conversation, t, when }: ChatProps) {
  const { session, contact, isOpen, isVisible } = panel
  const isAtEnd = useSignal(true)
  // Read is what stood before the visitor's eyes: open, in front, and at the end.
  useSignalEffect(() => {
    const isSeen = isOpen.value && isVisible.value && isAtEnd.value
    if (isSeen && session.value?.link.value.kind === 'online') conversation.markRead()
  })

  const summary = conversation.summary.value
  const team = session.value?.team.value
  const status = summary?.status
  const isWaiting = status === 'waiting'
  const isAlone = team?.isAvailable === false && status !== 'active' && status !== 'closed'
  const typist = summary?.agent?.name ?? t.somebody

  return (
    <>
      <ChatHeader panel={panel} conversation={conversation} t={t} />
      <MessageList
        items={conversation.items.value}
        typist={conversation.isAgentTyping.value ? typist : undefined}
        isLoading={conversation.isExpected.value && !conversation.isLoaded.value}
        now={panel.timers.now()}
        t={t}
        when={when}
        onRetry={panel.retry}
        onEnd={(now) => (isAtEnd.value = now)}
      >
        {isAlone && contact.value ? (
          <EmailForm
            contact={contact.value}
            hasEmail={session.value?.welcome.value?.visitor.hasEmail ?? false}
            t={t}
          />
        ) : (
          isWaiting && (
            <div class="line place">
              <i />
              {summary?.place ? t.place(summary.place) : t.waiting}
            </div>
          )
        )}
      </MessageList>
    </>
  )
}

import { computed, effect, signal, untracked } from '@preact/signals-core'
import type { VNode } from 'preact'

import { Chat } from './components/Chat.tsx'
import { ConversationCard } from './components/ConversationCard.tsx'
import { createAnnouncements } from './models/announcements.ts'
import { createContact } from './models/contact.ts'
import { createConversation, type Conversation } from './models/conversation.ts'
import type { Panel } from './models/panel.ts'
import type { Session } from './models/session.ts'
import { chatEn as t } from './strings/chat.en.ts'
import { createWhen } from './when.ts'

import css from './chat.css?inline'

/** The late part of the panel, as the early part knows it. */
export interface ChatPart {
  css: string
  /** The conversation on the screen. */
  drawChat(): VNode | null
  /** The visitor's conversations, for home. */
  drawCards(): VNode
  /** What was just said aloud to those who listen. */
  announcement(): string
  /** The visitor types, or has left the field. */
  type(text: string): void
  stop(): void
}

/**
 * All that is needed only once there is a conversation: a chunk of its own, loaded with the first words or for
 * the conversation that goes on. Home and its composer work without it.
 */
export function createChatPart(panel: Panel, session: Session): ChatPart {
  const { kept, timers, isOpen, isVisible, shownId, hooks } = panel
  const contact = createContact(session, kept)
  const when = createWhen('en', t, timers.now)
  const conversation = signal<Conversation>()
  const announcements = createAnnouncements({ conversation, timers, t })

  function show() {
    const id = shownId.value
    untracked(() => {
      conversation.value?.stop()
      conversation.value = id ? createConversation({ session, id, timers }) : undefined
    })
  }

  const unread = computed(() => {
    const shown = conversation.value
    const counts = session.conversations.value.map((one) =>
      one.id === shown?.id && shown.isLoaded.value ? shown.unread.value : one.unread,
    )
    return counts.reduce((sum, count) => sum + count, 0)
  })

  /** Read is what stood before the visitor's eyes: open, in front, and at the end. */
  function markRead() {
    const shown = conversation.value
    const isSeen = isOpen.value && isVisible.value && shown?.isAtEnd.value
    if (isSeen && session.link.value.kind === 'online') shown.markRead()
  }

  const stops = [
    effect(show),
    effect(markRead),
    effect(() => {
      // The menu in which the visitor ended the chat goes with it.
      const isEnded = conversation.value?.summary.value?.status === 'closed'
      if (isEnded && panel.menu.peek() !== 'shut') untracked(panel.refocus)
    }),
    effect(() => {
      if (session.welcome.value) hooks.onUnread(unread.value)
    }),
    contact.stop,
    announcements.stop,
  ]

  return {
    css,
    drawChat() {
      const shown = conversation.value
      return shown ? (
        <Chat
          key={shown.id}
          panel={panel}
          session={session}
          contact={contact}
          conversation={shown}
          t={t}
          when={when}
        />
      ) : null
    },
    drawCards: () => (
      <ul aria-label={t.conversations}>
        {session.conversations.value.map((one) => (
          <ConversationCard
            key={one.id}
            conversation={one}
            t={t}
            when={when}
            onOpen={() => panel.goTo(one.id)}
          />
        ))}
      </ul>
    ),
    announcement: () => announcements.words.value,
    type: (text) => conversation.peek()?.typing.set(text),
    stop() {
      for (const stop of stops) stop()
      conversation.peek()?.stop()
    },
  }
}

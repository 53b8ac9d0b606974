import { computed, effect, signal } from '@preact/signals-core'

import { createSync } from '../../../shared/connection/sync.ts'
import type { Timers } from '../../../shared/connection/types.ts'
import { readEvent } from '../../../shared/protocol/shapes.ts'
import type { TimelineEvent } from '../../../shared/protocol/timeline-event.ts'
import { toItems } from './items.ts'
import type { Session } from './session.ts'
import { createTyping } from './typing.ts'

/** Longer than the pause between two signs of typing. */
const typingEndsAfterMs = 8000

type MessageEvent = Extract<TimelineEvent, { type: 'message' }>
export type Conversation = ReturnType<typeof createConversation>

interface ConversationDeps {
  session: Session
  id: string
  timers: Timers
}

/** One conversation on the screen: its history, what is not sent yet, who types, what was read. */
export function createConversation({ session, id, timers }: ConversationDeps) {
  const { connection, outbox } = session
  const sync = createSync({ connection, decodeEvent: readEvent, timers })
  const feed = sync.open(id)
  /** The feed is a plain object that changes: each change is told with a new wrapper. */
  const state = signal({ feed })
  const current = () => state.value.feed
  const summary = computed(() => session.find(id))
  const visitorReadSeq = computed(() =>
    Math.max(current().visitorReadSeq, summary.value?.visitorReadSeq ?? 0),
  )
  const items = computed(() =>
    toItems(
      current().events,
      session.entries.value.filter(({ conversationId }) => conversationId === id),
      Math.max(current().agentReadSeq, summary.value?.agentReadSeq ?? 0),
    ),
  )
  const fromAgents = computed(() =>
    current().events.filter(
      (event): event is MessageEvent => event.type === 'message' && event.author.kind === 'agent',
    ),
  )
  const lastSeq = computed(() => fromAgents.value.at(-1)?.seq ?? 0)
  /** The last words are in sight. */
  const isAtEnd = signal(true)
  const isAgentTyping = signal(false)
  let forgetTyping: (() => void) | undefined
  let readSentSeq = 0

  function setAgentTyping(isTyping: boolean) {
    forgetTyping?.()
    forgetTyping = isTyping
      ? timers.after(typingEndsAfterMs, () => setAgentTyping(false))
      : undefined
    isAgentTyping.value = isTyping
  }

  const typing = createTyping({
    timers,
    hasPreview: () => session.welcome.value?.site.isTypingPreviewOn ?? false,
    tell(isTyping, text) {
      if (!summary.peek()) return
      const command = { type: 'typing.set', conversationId: id, isTyping }
      // Not worth a second try: the next sign follows soon.
      connection.request(text ? { ...command, text } : command).catch(() => {})
    },
  })

  const stops = [
    sync.stop,
    typing.stop,
    feed.onChange(() => (state.value = { feed })),
    outbox.onSent((_, event) => sync.accept(event)),
    connection.onPush((push) => {
      if (push.type === 'typing' && push.conversationId === id && push.by.kind === 'agent')
        setAgentTyping(push.isTyping)
    }),
    // Whoever has spoken types no more.
    effect(() => {
      if (lastSeq.value) setAgentTyping(false)
    }),
  ]

  return {
    id,
    summary,
    items,
    fromAgents,
    isAtEnd,
    isAgentTyping,
    typing,
    isLoaded: computed(() => current().isLoaded),
    unread: computed(() => fromAgents.value.filter(({ seq }) => seq > visitorReadSeq.value).length),

    /** The visitor has seen all that is here. */
    markRead() {
      const seq = lastSeq.value
      if (seq <= visitorReadSeq.value || seq <= readSentSeq) return
      readSentSeq = seq
      connection.request({ type: 'read.set', conversationId: id, seq }).then(
        () => session.noteRead(id, seq),
        () => (readSentSeq = 0),
      )
    },
    end: () => connection.request({ type: 'conversation.close', conversationId: id }),

    stop() {
      for (const stop of stops) stop()
      forgetTyping?.()
    },
  }
}

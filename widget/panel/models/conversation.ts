import { computed, signal } from '@preact/signals'

import type { OutboxEntry, Timers } from '../../../shared/connection/types.ts'
import type { StartFacts } from '../../../shared/protocol/commands.ts'
import type { TimelineEvent } from '../../../shared/protocol/timeline-event.ts'
import { keys } from '../../mount-types.ts'
import type { Kept } from '../storage.ts'
import { toItems } from './items.ts'
import type { Session } from './session.ts'
import { createTyping } from './typing.ts'

type MessageEvent = Extract<TimelineEvent, { type: 'message' }>
export type Conversation = ReturnType<typeof createConversation>

interface ConversationDeps {
  session: Session
  id: string
  kept: Kept
  timers: Timers
  getStartFacts: () => StartFacts
}

/** One conversation on the screen: its history, what is not sent yet, and what can be done with it. */
export function createConversation({ session, id, kept, timers, getStartFacts }: ConversationDeps) {
  const { connection, sync, outbox } = session
  const feed = sync.open(id)
  /** The feed is a plain object that changes: this makes the change known. */
  const version = signal(0)
  const stopListening = feed.onChange(() => version.value++)
  const current = () => {
    void version.value
    return feed
  }
  const unsent = computed(() => session.entries.value.filter((e) => e.conversationId === id))
  const summary = computed(() => session.conversations.value.find((one) => one.id === id))
  const isStarted = computed(() => !!summary.value || current().events.length > 0)
  const isLoaded = computed(() => current().isLoaded)
  const visitorReadSeq = computed(() =>
    Math.max(current().visitorReadSeq, summary.value?.visitorReadSeq ?? 0),
  )
  const items = computed(() =>
    toItems(
      current().events,
      unsent.value,
      Math.max(current().agentReadSeq, summary.value?.agentReadSeq ?? 0),
    ),
  )
  const fromAgents = computed(() =>
    current().events.filter(
      (event): event is MessageEvent => event.type === 'message' && event.author.kind === 'agent',
    ),
  )
  let readSentSeq = 0

  const typing = createTyping({
    timers,
    hasPreview: () => session.welcome.value?.site.isTypingPreviewOn ?? false,
    tell(isTyping, text) {
      if (!isStarted.value) return
      const command = { type: 'typing.set', conversationId: id, isTyping }
      // Not worth a second try: the next sign follows soon.
      connection.request(text ? { ...command, text } : command).catch(() => {})
    },
  })

  return {
    id,
    summary,
    isStarted,
    isLoaded,
    /** There is a history to wait for. */
    isExpected: computed(() => !!summary.value || kept.get(keys.current) === id),
    items,
    hasWords: computed(() => items.value.length > 0),
    fromAgents,
    typing,
    isClosed: computed(() => summary.value?.status === 'closed'),
    isAgentTyping: computed(() => session.typingIn.value === id),
    unread: computed(() => fromAgents.value.filter(({ seq }) => seq > visitorReadSeq.value).length),

    send(text: string) {
      typing.stop()
      outbox.add({
        conversationId: id,
        kind: 'message',
        text,
        ...(!isStarted.value && { start: getStartFacts() }),
      })
    },
    retry: (entry: OutboxEntry) => outbox.retry(entry.clientId),
    discard: (entry: OutboxEntry) => outbox.discard(entry.clientId),

    /** The visitor has seen all that is here. */
    markRead() {
      const seq = fromAgents.value.at(-1)?.seq ?? 0
      if (seq <= visitorReadSeq.value || seq <= readSentSeq) return
      readSentSeq = seq
      connection.request({ type: 'read.set', conversationId: id, seq }).then(
        () => session.noteRead(id, seq),
        () => (readSentSeq = 0),
      )
    },
    end: () => connection.request({ type: 'conversation.close', conversationId: id }),

    stop() {
      typing.stop()
      stopListening()
      feed.close()
    },
  }
}

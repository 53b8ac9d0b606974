import { computed, signal, type ReadonlySignal } from '@preact/signals'
import * as v from 'valibot'

import type { Feed, RequestFailure } from '../../shared/connection/types.ts'
import {
  conversationDetailsSchema,
  type ConversationDetails,
  type ConversationRow,
} from '../../shared/protocol/conversation.ts'
import type { AgentConnection, Inbox } from './inbox.ts'
import type { OutboxModel } from './outbox-model.ts'
import { toStanding, type Standing } from './standing.ts'
import { toItems, type Item } from './timeline-items.ts'
import type { Typing, TypingModel } from './typing.ts'

export interface ConversationDeps {
  id: string
  connection: AgentConnection
  feed: Feed
  outbox: OutboxModel
  inbox: Inbox
  typing: TypingModel
}

export interface Conversation {
  readonly id: string
  readonly isLoaded: ReadonlySignal<boolean>
  readonly failure: ReadonlySignal<RequestFailure | undefined>
  readonly items: ReadonlySignal<readonly Item[]>
  readonly row: ReadonlySignal<ConversationRow | undefined>
  readonly standing: ReadonlySignal<Standing | undefined>
  readonly details: ReadonlySignal<ConversationDetails | undefined>
  readonly typing: ReadonlySignal<Typing | undefined>
  /** Seq of the newest message of the visitor; 0 without one. */
  readonly lastVisitorSeq: ReadonlySignal<number>
  /** The person at this screen has seen everything up to the end. */
  markRead(): void
  stop(): void
}

/** One conversation as the screen needs it: history, what is on its way, standing, details. */
export function createConversation(deps: ConversationDeps): Conversation {
  const { id, connection, feed, outbox, inbox, typing } = deps
  // The feed changes in place and says so; this counts the changes, so that signals can follow.
  const version = signal(0)
  const details = signal<ConversationDetails | undefined>(undefined)
  let readSent = 0

  const stops = [
    feed.onChange(() => {
      version.value++
    }),
    connection.onWelcome(() => void loadDetails()),
    connection.onPush((push) => {
      if (push.type === 'details' && push.details.conversationId === id) {
        details.value = push.details
      }
    }),
  ]

  async function loadDetails() {
    try {
      const answer = await connection.request({ type: 'conversation.details', conversationId: id })
      details.value = v.parse(conversationDetailsSchema, answer)
    } catch {
      // Without an answer the pane keeps what it has; the next welcome asks again.
    }
  }
  if (connection.state.kind === 'online') void loadDetails()

  const events = computed(() => {
    void version.value
    return [...feed.events]
  })
  const row = computed(() => inbox.rows.value.get(id))
  const standing = computed(() => toStanding(row.value, events.value))
  const lastVisitorSeq = computed(() => {
    const last = events.value.findLast(
      (event) => event.type === 'message' && event.author.kind === 'visitor',
    )
    return last?.seq ?? 0
  })

  return {
    id,
    row,
    standing,
    details,
    lastVisitorSeq,
    isLoaded: computed(() => {
      void version.value
      return feed.isLoaded
    }),
    failure: computed(() => {
      void version.value
      return feed.failure
    }),
    items: computed(() => {
      void version.value
      return toItems({
        events: events.value,
        pending: outbox.of(id),
        me: inbox.me.value,
        visitorReadSeq: feed.visitorReadSeq,
      })
    }),
    typing: computed(() => typing.byConversation.value.get(id)),
    markRead() {
      const seq = lastVisitorSeq.peek()
      if (standing.peek()?.assigneeId !== inbox.me.peek().id) return
      if (seq <= Math.max(feed.agentReadSeq, readSent)) return
      readSent = seq
      connection.request({ type: 'read.set', conversationId: id, seq }).catch(() => {
        // Said again the next time the end is seen.
        readSent = 0
      })
    },
    stop() {
      for (const stop of stops) stop()
      feed.close()
    },
  }
}

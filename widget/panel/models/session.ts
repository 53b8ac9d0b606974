import { batch, computed, effect, signal } from '@preact/signals'

import { createConnection } from '../../../shared/connection/connection.ts'
import { createOutbox } from '../../../shared/connection/outbox.ts'
import { createSync } from '../../../shared/connection/sync.ts'
import type {
  LinkState,
  OpenSocket,
  OutboxEntry,
  Timers,
} from '../../../shared/connection/types.ts'
import { answerSchemas, makeDecoder } from '../../../shared/protocol/codec.ts'
import type { StartFacts, VisitorHello } from '../../../shared/protocol/commands.ts'
import type { VisitorConversation } from '../../../shared/protocol/conversation.ts'
import { decodeEvent } from '../../../shared/protocol/decode-event.ts'
import {
  visitorPushSchemas,
  type Team,
  type VisitorPush,
  type VisitorWelcome,
} from '../../../shared/protocol/events.ts'
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts'
import { keys } from '../../mount-types.ts'
import { openOutboxStorage } from '../outbox-storage.ts'
import type { Kept } from '../storage.ts'

/** Longer than the pause between two signs of typing. */
const typingEndsAfterMs = 8000

export interface SessionDeps {
  siteKey: string
  token: string
  kept: Kept
  openSocket: OpenSocket
  timers: Timers
  newId: () => string
  getStartFacts: () => StartFacts
}

export type Session = ReturnType<typeof createSession>

/** One visitor's link to the server, from one token: what the server says, as signals. */
export function createSession(deps: SessionDeps) {
  const { siteKey, token, kept, openSocket, timers, newId, getStartFacts } = deps
  const connection = createConnection<VisitorWelcome, VisitorPush>({
    openSocket,
    timers,
    decodePush: makeDecoder({ ...visitorPushSchemas, ...answerSchemas }),
    hello(): VisitorHello {
      const { page, language, timeZone } = getStartFacts()
      return {
        type: 'hello',
        version: PROTOCOL_VERSION,
        site: siteKey,
        token,
        ...(page && { page }),
        ...(language && { language }),
        ...(timeZone && { timeZone }),
      }
    },
  })
  const outbox = createOutbox({ connection, storage: openOutboxStorage(kept), newId, timers })
  const sync = createSync({ connection, decodeEvent, timers })

  const link = signal<LinkState>(connection.state)
  const welcome = signal<VisitorWelcome>()
  const team = signal<Team>()
  const conversations = signal<readonly VisitorConversation[]>([])
  const entries = signal<readonly OutboxEntry[]>(outbox.entries)
  /** The conversation in which an agent is typing. */
  const typingIn = signal<string>()
  let forgetTyping: (() => void) | undefined

  function setTyping(conversationId?: string) {
    forgetTyping?.()
    forgetTyping = conversationId ? timers.after(typingEndsAfterMs, () => setTyping()) : undefined
    typingIn.value = conversationId
  }

  function receive(push: VisitorPush) {
    switch (push.type) {
      case 'conversation': {
        const { conversation } = push
        const others = conversations.value.filter(({ id }) => id !== conversation.id)
        conversations.value = [conversation, ...others].sort(byLastWords)
        return
      }
      case 'team':
        team.value = push.team
        return
      case 'typing':
        if (push.by.kind === 'visitor') return
        if (push.isTyping) setTyping(push.conversationId)
        else if (typingIn.value === push.conversationId) setTyping()
        return
      case 'event':
        if (push.event.type === 'message' && push.event.author.kind === 'agent') setTyping()
        return
      default:
      // The rest is the connection's and the feeds' business.
    }
  }

  /** What this visitor has read, without waiting for the server to repeat it. */
  function noteRead(id: string, seq: number) {
    conversations.value = conversations.value.map((one) =>
      one.id === id && seq > one.visitorReadSeq
        ? { ...one, visitorReadSeq: seq, unread: seq < one.lastSeq ? one.unread : 0 }
        : one,
    )
  }

  const openConversation = computed(() =>
    conversations.value.find(({ status }) => status !== 'closed'),
  )
  const stops = [
    connection.onState((state) => (link.value = state)),
    connection.onWelcome((now) =>
      batch(() => {
        welcome.value = now
        team.value = now.team
        conversations.value = [...now.conversations].sort(byLastWords)
      }),
    ),
    connection.onPush(receive),
    outbox.onChange(() => (entries.value = [...outbox.entries])),
    outbox.onSent((_, event) => sync.accept(event)),
    // For the next page: is there something that the launcher should ask about?
    effect(() => {
      if (!welcome.value) return
      const current = openConversation.value ?? conversations.value.find(({ unread }) => unread > 0)
      if (current) kept.set(keys.current, current.id)
      else kept.remove(keys.current)
    }),
  ]

  return {
    token,
    connection,
    outbox,
    sync,
    link,
    welcome,
    team,
    conversations,
    openConversation,
    entries,
    typingIn,
    noteRead,
    stop() {
      for (const stop of stops) stop()
      forgetTyping?.()
      outbox.stop()
      sync.stop()
      connection.stop()
    },
  }
}

const byLastWords = (a: VisitorConversation, b: VisitorConversation) =>
  (b.lastMessage?.at ?? b.startedAt) - (a.lastMessage?.at ?? a.startedAt)

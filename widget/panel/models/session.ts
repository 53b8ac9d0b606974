import { batch, computed, effect, signal } from '@preact/signals-core'

import { createConnection } from '../../../shared/connection/connection.ts'
import { createOutbox } from '../../../shared/connection/outbox.ts'
import type {
  LinkState,
  OpenSocket,
  OutboxEntry,
  Timers,
} from '../../../shared/connection/types.ts'
import type { StartFacts, VisitorHello } from '../../../shared/protocol/commands.ts'
import type { VisitorConversation } from '../../../shared/protocol/conversation.ts'
import type { Team, VisitorPush, VisitorWelcome } from '../../../shared/protocol/events.ts'
import { decodeVisitorPush } from '../../../shared/protocol/shapes.ts'
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts'
import { currentKey } from '../../mount-types.ts'
import { openOutboxStorage } from '../outbox-storage.ts'
import type { Kept } from '../storage.ts'

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
    decodePush: decodeVisitorPush,
    hello(): VisitorHello {
      // A hello has no room for where the visitor came from.
      const { referrer: _, ...facts } = getStartFacts()
      return { type: 'hello', version: PROTOCOL_VERSION, site: siteKey, token, ...facts }
    },
  })
  const outbox = createOutbox({ connection, storage: openOutboxStorage(kept), newId, timers })

  const link = signal<LinkState>(connection.state)
  const welcome = signal<VisitorWelcome>()
  const team = signal<Team>()
  const conversations = signal<readonly VisitorConversation[]>([])
  const entries = signal<readonly OutboxEntry[]>(outbox.entries)
  /** The link is being made, or lost. */
  const isLost = computed(() => !/online|idle/.test(link.value.kind))
  const openConversation = computed(() =>
    conversations.value.find(({ status }) => status !== 'closed'),
  )
  const find = (id: string | undefined) => conversations.value.find((one) => one.id === id)

  const stops = [
    connection.onState((state) => (link.value = state)),
    connection.onWelcome((now) =>
      batch(() => {
        welcome.value = now
        team.value = now.team
        conversations.value = [...now.conversations].sort(byLastWords)
      }),
    ),
    connection.onPush((push) => {
      if (push.type === 'team') team.value = push.team
      if (push.type !== 'conversation') return
      const { conversation } = push
      const others = conversations.value.filter(({ id }) => id !== conversation.id)
      conversations.value = [conversation, ...others].sort(byLastWords)
    }),
    outbox.onChange(() => (entries.value = [...outbox.entries])),
    // For the next page: is there something that the launcher should ask about?
    effect(() => {
      if (!welcome.value) return
      const current = openConversation.value ?? conversations.value.find(({ unread }) => unread > 0)
      if (current) kept.set(currentKey, current.id)
      else kept.remove(currentKey)
    }),
  ]

  return {
    token,
    connection,
    outbox,
    link,
    isLost,
    welcome,
    team,
    conversations,
    openConversation,
    entries,
    find,

    send(conversationId: string, text: string) {
      const start = !find(conversationId) && getStartFacts()
      outbox.add({ conversationId, kind: 'message', text, ...(start && { start }) })
    },
    /** What this visitor has read, without waiting for the server to repeat it. */
    noteRead(id: string, seq: number) {
      conversations.value = conversations.value.map((one) =>
        one.id === id && seq > one.visitorReadSeq
          ? { ...one, visitorReadSeq: seq, unread: seq < one.lastSeq ? one.unread : 0 }
          : one,
      )
    },
    stop() {
      for (const stop of stops) stop()
      outbox.stop()
      connection.stop()
    },
  }
}

const byLastWords = (a: VisitorConversation, b: VisitorConversation) =>
  (b.lastMessage?.at ?? b.startedAt) - (a.lastMessage?.at ?? a.startedAt)

import { signal, type ReadonlySignal } from '@preact/signals'
import * as v from 'valibot'

import type { Me } from '../../shared/api/api.ts'
import { createConnection } from '../../shared/connection/connection.ts'
import { createOutbox } from '../../shared/connection/outbox.ts'
import { createSync } from '../../shared/connection/sync.ts'
import type { LinkState, OpenSocket, Timers } from '../../shared/connection/types.ts'
import { answerSchemas, makeDecoder } from '../../shared/protocol/codec.ts'
import type { AgentStatus } from '../../shared/protocol/conversation.ts'
import {
  agentPushSchemas,
  sentSchema,
  type AgentPush,
  type AgentWelcome,
} from '../../shared/protocol/events.ts'
import { timelineEventSchema } from '../../shared/protocol/timeline-event.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts'
import type { Keep } from '../surroundings/keep.ts'
import { createClock, type Clock } from './clock.ts'
import { createConversation, type Conversation } from './conversation.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { createInbox, type AgentConnection, type Inbox } from './inbox.ts'
import { createOffers, type Offers } from './offers.ts'
import { createOutboxModel, type OutboxModel } from './outbox-model.ts'
import { createOutboxStorage } from './outbox-storage.ts'
import { createPages, type Pages } from './pages.ts'
import { createTyping, type TypingModel } from './typing.ts'

export interface WorkspaceDeps {
  me: Me
  openSocket: OpenSocket
  /** A one-time ticket for the socket's first frame; rejects with a failure of code `signed-out` when there is none to have. */
  getTicket(): Promise<{ ticket: string }>
  timers: Timers
  keep: Keep
  newId(): string
}

/** All that lives while an agent is signed in: one link, one store of lists, the conversations that are open. */
export interface Workspace {
  readonly link: ReadonlySignal<LinkState>
  readonly clock: Clock
  readonly inbox: Inbox
  readonly pages: Pages
  readonly offers: Offers
  readonly typing: TypingModel
  readonly outbox: OutboxModel
  readonly drafts: Drafts
  /** The same conversation as long as it is among the last few that were looked at. */
  open(conversationId: string): Conversation
  claim(conversationId: string): Promise<void>
  close(conversationId: string): Promise<void>
  reopen(conversationId: string): Promise<void>
  setStatus(status: AgentStatus): Promise<void>
  setCapacity(capacity: number): Promise<void>
  setTyping(conversationId: string, isTyping: boolean): void
  wake(): void
  stop(): void
}

/** How many conversations are kept whole, so that going back to one is instant. */
const keptOpen = 12

const decodePush = makeDecoder({ ...agentPushSchemas, ...answerSchemas })

/** An event of a type that this version does not know is dropped, not shown wrongly. */
const decodeEvent = (value: unknown) => {
  const parsed = v.safeParse(timelineEventSchema, value)
  return parsed.success ? parsed.output : undefined
}

/** Joins the parts of a signed-in console over one link. */
export function createWorkspace(deps: WorkspaceDeps): Workspace {
  const { me, timers, keep, newId } = deps
  const clock = createClock(timers)
  const connection: AgentConnection = createConnection<AgentWelcome, AgentPush>({
    openSocket: deps.openSocket,
    hello: async () => ({
      type: 'hello',
      version: PROTOCOL_VERSION,
      ticket: (await deps.getTicket()).ticket,
    }),
    decodePush,
    timers,
  })
  const link = signal<LinkState>(connection.state)
  const stopState = connection.onState((state) => {
    link.value = state
  })
  // First of all listeners: what the others compute from a welcome needs the right time.
  const stopTime = connection.onWelcome(({ serverTime }) => clock.setServerTime(serverTime))

  const inbox = createInbox(connection, me)
  const pages = createPages(connection, inbox)
  const typing = createTyping(connection, timers, me.id)
  const sync = createSync({ connection, decodeEvent, timers })
  const sharedOutbox = createOutbox({
    connection,
    storage: createOutboxStorage(keep, me.id),
    newId,
    timers,
  })
  const stopSent = sharedOutbox.onSent((_entry, event) => sync.accept(event))
  const outbox = createOutboxModel(sharedOutbox, keep, me.id)
  const opened = new Map<string, Conversation>()

  /** A command that may write an event answers with it; this socket gets no push of its own. */
  async function act(command: { type: string; [field: string]: unknown }) {
    const answer = await connection.request(command)
    const sent = v.safeParse(sentSchema, answer)
    if (sent.success) sync.accept(sent.output.event)
  }
  const offers = createOffers({ connection, act, clock, timers })

  connection.start()

  return {
    link,
    clock,
    inbox,
    pages,
    offers,
    typing,
    outbox,
    drafts: createDrafts(keep, me.id),
    open(id) {
      const known = opened.get(id)
      if (known) {
        opened.delete(id)
        opened.set(id, known)
        return known
      }
      const conversation = createConversation({
        id,
        connection,
        feed: sync.open(id),
        outbox,
        inbox,
        typing,
      })
      opened.set(id, conversation)
      const [oldest] = opened
      if (opened.size > keptOpen && oldest) {
        oldest[1].stop()
        opened.delete(oldest[0])
      }
      return conversation
    },
    claim: (conversationId) => act({ type: 'conversation.claim', conversationId }),
    close: (conversationId) => act({ type: 'conversation.close', conversationId }),
    reopen: (conversationId) => act({ type: 'conversation.reopen', conversationId }),
    async setStatus(status) {
      await act({ type: 'status.set', status })
      inbox.setMe({ ...inbox.me.peek(), status })
    },
    async setCapacity(capacity) {
      await act({ type: 'capacity.set', capacity })
      inbox.setMe({ ...inbox.me.peek(), capacity })
    },
    setTyping(conversationId, isTyping) {
      // Worth nothing later: a lost one is not sent again.
      connection.request({ type: 'typing.set', conversationId, isTyping }).catch(() => {})
    },
    wake: () => connection.wake(),
    stop() {
      stopState()
      stopTime()
      stopSent()
      for (const conversation of opened.values()) conversation.stop()
      outbox.stop()
      offers.stop()
      pages.stop()
      typing.stop()
      inbox.stop()
      sync.stop()
      clock.stop()
      connection.stop()
    },
  }
}

import { nanoid } from 'nanoid'

import { createConnection } from '../../shared/connection/connection.ts'
import { createOutbox } from '../../shared/connection/outbox.ts'
import { createSync } from '../../shared/connection/sync.ts'
import type { Feed, OutboxStorage, Timers } from '../../shared/connection/types.ts'
import type { StartFacts } from '../../shared/protocol/commands.ts'
import { decodeEvent } from '../../shared/protocol/decode-event.ts'
import type {
  AgentPush,
  AgentWelcome,
  VisitorPush,
  VisitorWelcome,
} from '../../shared/protocol/events.ts'
import type { Audience } from './history.ts'
import { decodeAgentPush, decodeVisitorPush } from './pushes.ts'
import type { Recorder } from './recorder.ts'
import { tapAnswers } from './tap-answers.ts'
import { createWire } from './wire.ts'

export interface ClientDeps {
  /** Names the client in the record; unique in a trial. */
  name: string
  url: string
  /** What a browser would send as `Origin`. */
  origin: string
  hello: () => object | Promise<object>
  storage: OutboxStorage
  recorder: Recorder
  timers: Timers
}

export type VisitorClient = ReturnType<typeof createVisitorClient>
export type AgentClient = ReturnType<typeof createAgentClient>

/** A widget without a screen. */
export function createVisitorClient(deps: ClientDeps) {
  return createClient<VisitorWelcome, VisitorPush>(deps, 'visitor', decodeVisitorPush)
}

/** A console without a screen. */
export function createAgentClient(deps: ClientDeps) {
  return createClient<AgentWelcome, AgentPush>(deps, 'agent', decodeAgentPush)
}

type Decode<Welcome, Push> = Parameters<
  typeof createConnection<Welcome & { type: string }, Push & { type: string }>
>[0]['decodePush']

/**
 * The shared connection, outbox and sync, as widget and console use them, with everything written down
 * that a strict witness would want to know.
 */
function createClient<Welcome extends { type: 'welcome' }, Push extends VisitorPush | AgentPush>(
  { name, url, origin, hello, storage, recorder, timers }: ClientDeps,
  audience: Audience,
  decodePush: Decode<Welcome, Push>,
) {
  const wire = createWire(url, origin, tapAnswers(name, recorder, timers.now))
  const connection = createConnection<Welcome, Push>({
    openSocket: wire.open,
    hello,
    decodePush,
    timers,
  })
  const outbox = createOutbox({ connection, storage, newId: nanoid, timers })
  const sync = createSync({ connection, decodeEvent, timers })
  outbox.onSent((_, event) => sync.accept(event))
  outbox.onChange(() => {
    for (const { clientId, conversationId, state, code } of outbox.entries) {
      if (state !== 'failed') continue
      const refused = { by: name, conversationId, clientId, code: code ?? 'unknown' }
      recorder.write({ kind: 'refused', ...refused, at: timers.now() })
      outbox.discard(clientId)
      return
    }
  })

  const watched = new Map<string, { feed: Feed; witness: ReturnType<typeof witnessFeed> }>()
  let loss: ReturnType<typeof setTimeout> | undefined

  return {
    name,
    connection,
    outbox,
    wire,
    /** Hands a message to the outbox; it is sent now or when there is a link. */
    say(conversationId: string, text: string, start?: StartFacts) {
      const entry = outbox.add({ conversationId, kind: 'message', text, ...(start && { start }) })
      const { clientId, createdAt: at } = entry
      recorder.write({ kind: 'sent', by: name, conversationId, clientId, text, at })
      return entry
    },
    /** Opens a conversation and writes down all that it shows. */
    watch(conversationId: string): Feed {
      const known = watched.get(conversationId)
      if (known) return known.feed
      const feed = sync.open(conversationId)
      watched.set(conversationId, {
        feed,
        witness: witnessFeed(feed, name, audience, recorder, timers),
      })
      return feed
    },
    unwatch(conversationId: string) {
      watched.get(conversationId)?.feed.close()
      watched.delete(conversationId)
    },
    /** Asks for something that may fail; what fails is noted, not thrown. */
    async ask<Result>(command: { type: string; [field: string]: unknown }) {
      try {
        return await connection.request<Result>(command)
      } catch (error) {
        const code = (error as { code?: string }).code ?? 'unknown'
        recorder.note(`${command.type}: ${code}`)
        return undefined
      }
    },
    /** The network is gone for a while, then back; a browser would say `online`. */
    loseNetworkFor(ms: number) {
      wire.lose()
      clearTimeout(loss)
      loss = setTimeout(() => {
        wire.restore()
        connection.wake()
      }, ms)
    },
    restoreNetwork() {
      clearTimeout(loss)
      wire.restore()
      connection.wake()
    },
    /** The feeds that are open now, with the names under which they were recorded. */
    get feeds() {
      return [...watched].map(([conversationId, { feed, witness }]) => ({
        conversationId,
        feed,
        name: witness.name(),
      }))
    },
    /** As a closed tab: nothing of it stays but its storage. */
    stop() {
      clearTimeout(loss)
      for (const { feed } of watched.values()) feed.close()
      watched.clear()
      outbox.stop()
      sync.stop()
      connection.stop()
    },
  }
}

/** Feeds of all clients, so that no two have the same name. */
let feedCount = 0

/** Writes down what a feed shows, as it shows it. A feed that starts anew gets a new name. */
function witnessFeed(
  feed: Feed,
  by: string,
  audience: Audience,
  recorder: Recorder,
  timers: Timers,
) {
  let count = 0
  let lastId: string | undefined
  let run = (feedCount += 1)
  const name = () => `${by}/${feed.conversationId}/${run}`
  const look = () => {
    const isSame = count === 0 || feed.events[count - 1]?.id === lastId
    if (!isSame) {
      run = feedCount += 1
      count = 0
    }
    for (const event of feed.events.slice(count)) {
      recorder.write({ kind: 'received', feed: name(), audience, event, at: timers.now() })
    }
    count = feed.events.length
    lastId = feed.events.at(-1)?.id
  }
  feed.onChange(look)
  look()
  return { name }
}

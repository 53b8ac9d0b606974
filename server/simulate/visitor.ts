import { randomBytes } from 'node:crypto'

import { nanoid } from 'nanoid'

import type { Timers } from '../../shared/connection/types.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts'
import type { Chance } from './chance.ts'
import { createVisitorClient, type VisitorClient } from './client.ts'
import { createOutboxStorage } from './outbox-storage.ts'
import type { Pace } from './pace.ts'
import type { Recorder } from './recorder.ts'
import { toOpening, toRemark } from './words.ts'

export interface VisitorDeps {
  name: string
  /** ws://…, without a path. */
  url: string
  site: { key: string; origin: string }
  recorder: Recorder
  timers: Timers
}

/** One person's browser: the token and the storage stay, clients come and go. */
export interface Visitor {
  readonly name: string
  readonly conversationIds: ReadonlySet<string>
  /** The client of the page that is open now. */
  readonly client: VisitorClient
  /** Leaves the page at once, whatever is unsent, and opens another one. */
  reload(): void
  /** Another tab: the same visitor, the same storage. */
  openTab(name: string): VisitorClient
  /** A client of the same visitor that has seen nothing yet. */
  openFresh(name: string): VisitorClient
  /** A new conversation's id; its first message brings it into being. */
  begin(): string
  stop(): void
}

/** Opens a visitor's first page. */
export function createVisitor({ name, url, site, recorder, timers }: VisitorDeps): Visitor {
  const token = randomBytes(32).toString('base64url')
  const storage = createOutboxStorage()
  const conversationIds = new Set<string>()

  function open(clientName: string, ownStorage = storage) {
    const client = createVisitorClient({
      name: clientName,
      url: `${url}/ws/visitor`,
      origin: site.origin,
      hello: () => ({
        type: 'hello',
        version: PROTOCOL_VERSION,
        site: site.key,
        token,
        page: { url: `${site.origin}/`, title: 'Simulated shop' },
        language: 'en',
        timeZone: 'Europe/Riga',
      }),
      storage: ownStorage,
      recorder,
      timers,
    })
    client.connection.start()
    return client
  }

  let client = open(name)
  return {
    name,
    conversationIds,
    get client() {
      return client
    },
    reload() {
      const watched = client.feeds.map((one) => one.conversationId)
      client.stop()
      client = open(name)
      for (const conversationId of watched) client.watch(conversationId)
    },
    openTab: (tabName) => open(tabName),
    openFresh: (freshName) => open(freshName, createOutboxStorage()),
    begin() {
      const conversationId = nanoid()
      conversationIds.add(conversationId)
      client.watch(conversationId)
      return conversationId
    },
    stop: () => client.stop(),
  }
}

/** Lives a visitor's life until the trial is over: chats, pauses, bad networks, reloads. */
export async function playVisitor(
  visitor: Visitor,
  { chance, pace, site }: { chance: Chance; pace: Pace; site: { origin: string } },
) {
  await pace.pause(chance.between(0, 5_000))
  while (!pace.isOver) {
    const conversationId = visitor.begin()
    const page = { url: `${site.origin}/product`, title: 'A product' }
    visitor.client.say(conversationId, toOpening(chance), { page, language: 'en' })

    for (let left = chance.whole(2, 8); left > 0 && !pace.isOver; left--) {
      await haveMishap(visitor, chance, pace)
      await awaitAnswer(visitor, conversationId, pace, chance.between(5_000, 25_000))
      await type(visitor, conversationId, chance, pace)
      const burst = chance.happens(0.08) ? chance.whole(2, 6) : 1
      for (let count = 0; count < burst && !pace.isOver; count++) {
        visitor.client.say(conversationId, toRemark(chance))
      }
    }
    await awaitAnswer(visitor, conversationId, pace, 10_000)
    if (chance.happens(0.5) && !pace.isOver) {
      await visitor.client.ask({ type: 'conversation.close', conversationId })
    }
    await pace.pause(chance.between(2_000, 15_000))
    if (!pace.isOver) visitor.client.unwatch(conversationId)
  }
}

async function type({ client }: Visitor, conversationId: string, chance: Chance, pace: Pace) {
  if (pace.isOver) return
  void client.ask({ type: 'typing.set', conversationId, isTyping: true })
  await pace.pause(chance.between(500, 4_000))
  if (chance.happens(0.7)) {
    void client.ask({ type: 'typing.set', conversationId, isTyping: false })
  }
}

async function haveMishap(visitor: Visitor, chance: Chance, pace: Pace) {
  const kind = chance.draw()
  if (kind < 0.06) visitor.client.loseNetworkFor(chance.between(200, 4_000))
  else if (kind < 0.12) visitor.reload()
  else if (kind < 0.15) {
    visitor.client.connection.stop()
    await pace.pause(chance.between(200, 3_000))
    visitor.client.connection.start()
  }
}

/** Until an agent has said something that the visitor has not answered yet. */
async function awaitAnswer(visitor: Visitor, conversationId: string, pace: Pace, ms: number) {
  const feed = visitor.client.watch(conversationId)
  const isAnswered = () => {
    const last = feed.events.findLast((event) => event.type === 'message')
    return last?.type === 'message' && last.author.kind === 'agent'
  }
  await pace.until(isAnswered, (look) => feed.onChange(look), ms)
  const seq = feed.events.at(-1)?.seq
  if (seq) void visitor.client.ask({ type: 'read.set', conversationId, seq })
}

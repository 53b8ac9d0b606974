import type { Timers } from '../../shared/connection/types.ts'
import type { ConversationRow } from '../../shared/protocol/conversation.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts'
import type { Chance } from './chance.ts'
import { createAgentClient, type AgentClient } from './client.ts'
import { createOutboxStorage } from './outbox-storage.ts'
import type { Pace } from './pace.ts'
import type { Recorder } from './recorder.ts'
import type { AgentSession } from './sign-in.ts'
import { toAnswer } from './words.ts'

export interface AgentDeps {
  name: string
  /** ws://…, without a path. */
  url: string
  publicUrl: string
  session: AgentSession
  capacity: number
  recorder: Recorder
  timers: Timers
}

/** One agent at their desk. */
export interface Agent {
  readonly name: string
  readonly agentId: string
  readonly client: AgentClient
  /** Conversations of the lists as this agent was last told of them. */
  readonly rows: ReadonlyMap<string, ConversationRow>
  onRows(listener: () => void): () => void
  /** Another console of the same agent; `url` where it reaches the server another way. */
  openFresh(name: string, url?: string): AgentClient
  stop(): void
}

/** Opens the console, goes online with this capacity, and says so again on every new link. */
export function createAgent(deps: AgentDeps): Agent {
  const { name, session, capacity, recorder } = deps
  const { agentId } = session
  recorder.write({ kind: 'capacity', agentId, capacity })

  const rows = new Map<string, ConversationRow>()
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }

  const client = openConsole(deps, name)
  client.connection.onWelcome((welcome) => {
    rows.clear()
    for (const row of welcome.rows) rows.set(row.id, row)
    if (welcome.me.capacity !== capacity) void client.ask({ type: 'capacity.set', capacity })
    if (welcome.me.status !== 'online') void client.ask({ type: 'status.set', status: 'online' })
    tell()
  })
  client.connection.onPush((push) => {
    if (push.type === 'rows') for (const row of push.rows) rows.set(row.id, row)
    else if (push.type === 'offer') rows.set(push.row.id, push.row)
    else if (push.type === 'rows.gone') for (const id of push.ids) rows.delete(id)
    else return
    tell()
  })

  return {
    name,
    agentId,
    client,
    rows,
    onRows(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    openFresh: (freshName, url = deps.url) => openConsole({ ...deps, url }, freshName),
    stop: () => client.stop(),
  }
}

function openConsole({ url, publicUrl, session, recorder, timers }: AgentDeps, name: string) {
  const client = createAgentClient({
    name,
    url: `${url}/ws/agent`,
    origin: publicUrl,
    hello: async () => ({
      type: 'hello',
      version: PROTOCOL_VERSION,
      ticket: await session.getTicket(),
    }),
    storage: createOutboxStorage(),
    recorder,
    timers,
  })
  client.connection.start()
  return client
}

interface Playing {
  chance: Chance
  pace: Pace
  recorder: Recorder
  now: () => number
}

/** Works until the trial is over: answers offers, mostly; serves what it holds; now and then takes from the queue. */
export async function playAgent(agent: Agent, playing: Playing) {
  const { chance, pace } = playing
  const serving = new Map<string, Promise<void>>()
  const decided = new Set<string>()

  const look = () => {
    for (const row of agent.rows.values()) {
      if (row.offer?.agentId === agent.agentId && !decided.has(row.offer.id)) {
        decided.add(row.offer.id)
        void decide(agent, row.id, row.offer.id, playing)
      }
      if (isHeldBy(agent, row.id) && !serving.has(row.id)) {
        const work = serve(agent, row.id, playing).finally(() => serving.delete(row.id))
        serving.set(row.id, work)
      }
    }
  }
  const unsubscribe = agent.onRows(look)
  look()
  while (!pace.isOver) {
    await pace.pause(chance.between(3_000, 12_000))
    if (pace.isOver) break
    if (chance.happens(0.05)) agent.client.loseNetworkFor(chance.between(200, 4_000))
    else if (chance.happens(0.2)) await claimOne(agent, playing)
  }
  unsubscribe()
  await Promise.all(serving.values())
}

function isHeldBy({ rows, agentId }: Agent, conversationId: string) {
  const row = rows.get(conversationId)
  return row?.status === 'assigned' && row.assigneeId === agentId
}

/** Mostly yes, sometimes no, sometimes not there to say anything. */
async function decide(agent: Agent, conversationId: string, offerId: string, playing: Playing) {
  const { chance, pace } = playing
  await pace.pause(chance.between(300, 4_000))
  if (pace.isOver) return
  const mood = chance.draw()
  if (mood < 0.07) return
  if (mood < 0.15) {
    await agent.client.ask({ type: 'offer.decline', conversationId, offerId, reason: 'At lunch' })
    return
  }
  await take(agent, conversationId, { type: 'offer.accept', conversationId, offerId }, playing)
}

async function claimOne(agent: Agent, playing: Playing) {
  const waiting = [...agent.rows.values()].filter((row) => row.status === 'queued')
  if (waiting.length === 0) return
  const { id: conversationId } = playing.chance.pick(waiting)
  await take(agent, conversationId, { type: 'conversation.claim', conversationId }, playing)
}

async function take(
  { client, agentId }: Agent,
  conversationId: string,
  command: { type: string; [field: string]: unknown },
  { recorder, now }: Playing,
) {
  const answer = await client.ask<unknown>(command)
  const claim = { kind: 'claim', agentId, conversationId, seq: null, at: now() } as const
  recorder.write({ ...claim, isWon: answer !== undefined })
}

/** Answers in one conversation until it is closed, by whomever, or gone. */
async function serve(agent: Agent, conversationId: string, { chance, pace }: Playing) {
  const { client } = agent
  const feed = client.watch(conversationId)
  const onChange = (look: () => void) => {
    const unsubscribes = [feed.onChange(look), agent.onRows(look)]
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe()
    }
  }
  const isMine = () => isHeldBy(agent, conversationId)
  const isAsked = () => {
    const last = feed.events.findLast((event) => event.type === 'message')
    return last?.type === 'message' && last.author.kind === 'visitor'
  }
  for (let left = chance.whole(2, 9); left > 0 && isMine() && !pace.isOver; left--) {
    await pace.until(() => isAsked() || !isMine(), onChange, chance.between(15_000, 40_000))
    if (!isMine() || pace.isOver) break
    if (!isAsked()) break
    void client.ask({ type: 'read.set', conversationId, seq: feed.events.at(-1)?.seq ?? 0 })
    void client.ask({ type: 'typing.set', conversationId, isTyping: true })
    await pace.pause(chance.between(800, 6_000))
    if (isMine() && !pace.isOver) client.say(conversationId, toAnswer(chance))
  }
  if (pace.isOver) return
  if (isMine()) await client.ask({ type: 'conversation.close', conversationId })
  client.unwatch(conversationId)
}

import type { Timers } from '../../shared/connection/types.ts'
import { createAgent, playAgent, type Agent } from './agent.ts'
import { createChance } from './chance.ts'
import { toTimes, type Figures } from './figures.ts'
import { entriesOf, type History } from './history.ts'
import { createPace } from './pace.ts'
import { createRecorder } from './recorder.ts'
import { settle } from './settle.ts'
import { signIn } from './sign-in.ts'
import { findViolations, toVerdict, type Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'
import { createVisitor, playVisitor, type Visitor } from './visitor.ts'

export interface SimulateOptions {
  /** Where the server is: http(s)://…, without a path. */
  url: string
  /** The server's PUBLIC_URL, if it is another one. */
  publicUrl?: string
  /** A site's key, and one of its origins. */
  site: { key: string; origin: string }
  agents: readonly { email: string; password: string }[]
  visitors: number
  minutes: number
  seed: number
  /** How much faster than people everything goes; 1 for people. */
  pace?: number
  /** Conversations that each agent takes at once. */
  capacity?: number
  onProgress?: (progress: Progress) => void
  /** Ends the playing early; the verdict still comes. */
  signal?: AbortSignal
}

export interface Progress {
  elapsedMs: number
  totalMs: number
  online: number
  players: number
  sent: number
  acknowledged: number
  unsent: number
  phase: 'playing' | 'settling'
}

export interface Outcome {
  figures: Figures
  verdict: Verdict
  violations: readonly Violation[]
  /** What was asked for and not given, by kind; nobody's message is among it. */
  troubles: ReadonlyMap<string, number>
}

const progressEveryMs = 1_000

/** Plays people against a running server and judges it by what they wrote down. */
export async function simulate(options: SimulateOptions): Promise<Outcome> {
  const { site, seed, onProgress, pace: speed = 1, capacity = 4 } = options
  const url = options.url.replace(/\/$/, '')
  const publicUrl = options.publicUrl ?? new URL(url).origin
  const socketUrl = url.replace(/^http/, 'ws')
  const chance = createChance(seed)
  const recorder = createRecorder()
  const timers = createTimers(chance.fork('timers').draw)

  const agents: Agent[] = []
  for (const [at, credentials] of options.agents.entries()) {
    const session = await signIn(url, publicUrl, credentials)
    const name = `agent ${at + 1}`
    agents.push(
      createAgent({ name, url: socketUrl, publicUrl, session, capacity, recorder, timers }),
    )
  }
  const visitors = Array.from({ length: options.visitors }, (_, at) =>
    createVisitor({ name: `visitor ${at + 1}`, url: socketUrl, site, recorder, timers }),
  )

  const totalMs = options.minutes * 60_000
  const startedAt = Date.now()
  const over = new AbortController()
  const stop = () => over.abort()
  options.signal?.addEventListener('abort', stop)
  const timer = setTimeout(stop, totalMs)
  const report = (phase: Progress['phase']) => {
    const clients = [...visitors, ...agents].map((player) => player.client)
    onProgress?.({
      elapsedMs: Date.now() - startedAt,
      totalMs,
      online: clients.filter((client) => client.connection.state.kind === 'online').length,
      players: clients.length,
      sent: recorder.counts.sent,
      acknowledged: recorder.counts.acked,
      unsent: clients.reduce((sum, client) => sum + client.outbox.entries.length, 0),
      phase,
    })
  }
  const reporting = setInterval(() => report('playing'), progressEveryMs)

  const pace = createPace(speed, over.signal)
  await Promise.all([
    ...visitors.map((visitor) =>
      playVisitor(visitor, { chance: chance.fork(visitor.name), pace, site }),
    ),
    ...agents.map((agent) =>
      playAgent(agent, { chance: chance.fork(agent.name), pace, recorder, now: timers.now }),
    ),
  ])
  clearTimeout(timer)
  clearInterval(reporting)
  options.signal?.removeEventListener('abort', stop)

  report('settling')
  await settle({ visitors, agents }, recorder)
  await Promise.all(visitors.map(sayGoodbye))
  for (const player of [...visitors, ...agents]) player.stop()

  const violations = findViolations(recorder.history)
  const conversations = visitors.reduce((sum, visitor) => sum + visitor.conversationIds.size, 0)
  const { sent, acked, refused } = recorder.counts
  return {
    figures: {
      sent,
      acknowledged: acked,
      refused,
      refusedFor: countCodes(recorder.history),
      conversations,
      ...toTimes(recorder.samples),
    },
    verdict: toVerdict(violations),
    violations,
    troubles: recorder.troubles,
  }
}

function countCodes(history: History) {
  const codes: Record<string, number> = {}
  for (const { code } of entriesOf(history, 'refused')) codes[code] = (codes[code] ?? 0) + 1
  return codes
}

/** Ends what a visitor has left open, so that a trial leaves nobody waiting. */
async function sayGoodbye({ client, conversationIds }: Visitor) {
  for (const conversationId of conversationIds) {
    await client.ask({ type: 'conversation.close', conversationId })
  }
}

/** The real clock, with chance that can be played again. */
export function createTimers(random: () => number): Timers {
  return {
    now: () => Date.now(),
    after(ms, call) {
      const timer = setTimeout(call, ms)
      return () => clearTimeout(timer)
    },
    random,
  }
}

import { onTestFailed } from 'vitest'

import { createAgent, playAgent, type Agent } from '../../server/simulate/agent.ts'
import { createChance, type Chance } from '../../server/simulate/chance.ts'
import type { Entry } from '../../server/simulate/history.ts'
import { createPace } from '../../server/simulate/pace.ts'
import { createRecorder, type Recorder } from '../../server/simulate/recorder.ts'
import { settle } from '../../server/simulate/settle.ts'
import { signIn, type AgentSession } from '../../server/simulate/sign-in.ts'
import { createTimers } from '../../server/simulate/simulate.ts'
import { createVisitor, playVisitor, type Visitor } from '../../server/simulate/visitor.ts'
import { expectContractHeld } from '../support/checker.ts'
import { startServer, type ServerProcess, type StartOptions } from '../support/process.ts'

/** `FAULTS=long npm test` for the long form. */
export const isLong = process.env['FAULTS'] === 'long'

/** `FAULTS_SEED=…` plays a run again, as far as the chance of the players goes. */
export const seed = Number(process.env['FAULTS_SEED'] ?? Math.floor(Math.random() * 1e9))
process.stdout.write(`faults: seed ${seed}\n`)

/** People over a real server process, with everything written down; the faults come from the test. */
export interface Trial {
  readonly server: ServerProcess
  readonly chance: Chance
  readonly recorder: Recorder
  readonly visitors: readonly Visitor[]
  readonly agents: readonly Agent[]
  readonly site: { key: string; origin: string }
  readonly publicUrl: string
  /** One more visitor; `port` is the server's or that of a bad network before it. */
  addVisitor(port?: number): Visitor
  addAgent(port?: number): Promise<Agent>
  /** Lets everybody chat, fast, until `settle`. */
  play(): void
  /** All clients try at once, as browsers do on `online`. */
  wake(): void
  /** Resolves when so many more messages were acknowledged, or after `orMs`. */
  acknowledged(count: number, orMs: number): Promise<void>
  /** Heals, waits until all is quiet, and holds the record against the contract. */
  settle(options?: SettleOptions): Promise<void>
  dispose(): Promise<void>
}

export interface TrialOptions extends StartOptions {
  visitors?: number
  agents?: number
  /** Times as fast as people. */
  pace?: number
  capacity?: number
}

export interface SettleOptions {
  /** Frames came twice because the test repeated them. */
  isNetworkRepeating?: boolean
}

const password = 'a long enough password'

/** Starts a server with a site and people who are connected and silent. */
export async function openTrial(options: TrialOptions = {}): Promise<Trial> {
  const { visitors: visitorCount = 0, agents: agentCount = 1, pace: speed = 20 } = options
  const server = await startServer({
    ...options,
    env: { LOG_LEVEL: 'warn', OFFER_MS: '1500', GRACE_MS: '3000', ...options.env },
  })
  onTestFailed(() => void process.stdout.write(`${server.logs().slice(-4_000)}\n`))
  const chance = createChance(seed)
  const recorder = createRecorder()
  const timers = createTimers(chance.fork('timers').draw)
  const visitors: Visitor[] = []
  const agents: Agent[] = []
  const over = new AbortController()
  const pace = createPace(speed, over.signal)
  const playing: Promise<void>[] = []
  let sessions = 0

  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await server.parley(...args, '--json')
    if (code !== 0) throw new Error(`parley ${args.join(' ')}: ${stderr}`)
    return JSON.parse(stdout) as { id: string; key: string }
  }
  const origin = 'http://shop.test'

  try {
    const { key } = await run('site', 'create', '--name', 'Trial', '--origin', origin)
    const site = { key, origin }
    const addVisitor = (port = server.port) => {
      const name = `visitor ${visitors.length + 1}`
      const visitor = createVisitor({ name, url: `ws://127.0.0.1:${port}`, site, recorder, timers })
      visitors.push(visitor)
      return visitor
    }
    const openSession = async (): Promise<AgentSession> => {
      const email = `agent${(sessions += 1)}@trial.test`
      const account = ['--name', `Agent ${sessions}`, '--email', email, '--password', password]
      // The first is an admin, whom the command line wants there to be.
      await run(sessions === 1 ? 'admin' : 'agent', 'create', ...account)
      return signIn(server.url, server.url, { email, password })
    }
    const addAgent = async (port = server.port) => {
      const agent = createAgent({
        name: `agent ${agents.length + 1}`,
        url: `ws://127.0.0.1:${port}`,
        publicUrl: server.url,
        session: await openSession(),
        capacity: options.capacity ?? 5,
        recorder,
        timers,
      })
      agents.push(agent)
      return agent
    }
    for (let count = 0; count < agentCount; count++) await addAgent()
    for (let count = 0; count < visitorCount; count++) addVisitor()
    const clients = () => [...visitors, ...agents].map((player) => player.client)

    return {
      server,
      chance,
      recorder,
      visitors,
      agents,
      site,
      publicUrl: server.url,
      addVisitor,
      addAgent,
      play() {
        for (const visitor of visitors) {
          playing.push(playVisitor(visitor, { chance: chance.fork(visitor.name), pace, site }))
        }
        for (const agent of agents) {
          const own = { chance: chance.fork(agent.name), pace, recorder, now: timers.now }
          playing.push(playAgent(agent, own))
        }
      },
      wake() {
        for (const client of clients()) client.connection.wake()
      },
      async acknowledged(count, orMs) {
        const goal = recorder.counts.acked + count
        await until(() => recorder.counts.acked >= goal, orMs)
      },
      async settle({ isNetworkRepeating = false } = {}) {
        over.abort()
        await Promise.all(playing)
        await settle({ visitors, agents }, recorder)
        const { history } = recorder
        const isServers = ({ kind }: Entry) => !isNetworkRepeating || kind !== 'pushed-again'
        expectContractHeld(history.filter(isServers), seed)
      },
      async dispose() {
        over.abort()
        for (const player of [...visitors, ...agents]) player.stop()
        await server.dispose()
      },
    }
  } catch (error) {
    await server.dispose()
    throw error
  }
}

/** Waits for what happens elsewhere. Gives up after `ms`: whoever needs it true says so. */
export async function until(isTrue: () => boolean, ms: number) {
  for (const end = Date.now() + ms; !isTrue() && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return isTrue()
}

/** One figure of /metrics; labels as they stand there. */
export async function readMetric({ port }: Pick<ServerProcess, 'port'>, name: string) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  if (line === undefined) throw new Error(`There is no metric ${name}.`)
  return Number(line.slice(name.length + 1))
}

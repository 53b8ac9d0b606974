import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { signIn, type AgentSession } from '../../server/simulate/sign-in.ts'
import { startServer } from '../support/process.ts'
import type { Target } from './load-protocol.ts'
import { seedMessages } from './seed.ts'

/** A server under measurement. */
export interface Subject {
  readonly name: string
  readonly pid: number
  /** A target with fresh tickets: each is good for one socket. */
  getTarget(): Promise<Target>
  /** Set when it was started to be inspected. */
  getInspectorUrl(): string
  stop(): Promise<void>
}

const inspectorLine = /Debugger listening on (ws:\/\/\S+)/g

/** Starts a floor: a bare relay, or one that commits each turn to a file. */
export async function startRelay(name: string, isDurable: boolean, isInspected = false) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-floor-'))
  const flags = ['--import', 'tsx', ...(isInspected ? ['--inspect=127.0.0.1:0'] : [])]
  const file = isDurable ? [join(folder, 'log.db')] : []
  const child = spawn(
    process.execPath,
    [...flags, join(import.meta.dirname, 'relay.ts'), ...file],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
    child.once('exit', () => reject(new Error(`The floor did not start:\n${log}`)))
  })
  const subject: Subject = {
    name,
    pid: child.pid ?? 0,
    getTarget: () => Promise.resolve({ kind: 'relay', port }),
    getInspectorUrl: () => findInspector(log),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return subject
}

export interface ParleyOptions {
  name: string
  /** Messages that the store holds beforehand. */
  messages?: number
  agents?: number
  isInspected?: boolean
}

/** Starts the built server on a folder of its own, with a site and agents. */
export async function startParley({ name, messages = 0, agents = 2, isInspected }: ParleyOptions) {
  const server = await startServer({
    env: { LOG_LEVEL: 'error' },
    nodeFlags: isInspected ? ['--inspect=127.0.0.1:0'] : [],
    readyWithinMs: 60_000,
  })
  const siteOrigin = 'http://shop.bench.test'
  const password = 'a long enough password'
  const emails = Array.from({ length: agents }, (_, at) => `agent${at + 1}@bench.test`)
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await server.parley(...args, '--json')
    if (code !== 0) throw new Error(`parley ${args.join(' ')}: ${stderr}`)
    return JSON.parse(stdout) as { key: string }
  }
  const site = await run('site', 'create', '--name', 'Bench', '--origin', siteOrigin)
  for (const [at, email] of emails.entries()) {
    const role = at === 0 ? 'admin' : 'agent'
    await run(role, 'create', '--name', `Agent ${at + 1}`, '--email', email, '--password', password)
  }
  if (messages > 0) {
    await server.kill('SIGTERM')
    seedMessages(server.dataDir, messages)
    await server.start()
  }
  const sessions: AgentSession[] = []
  for (const email of emails)
    sessions.push(await signIn(server.url, server.url, { email, password }))

  return {
    name,
    get pid() {
      return server.pid ?? 0
    },
    async getTarget(): Promise<Target> {
      const tickets = await Promise.all(sessions.map((session) => session.getTicket()))
      const { port, url: publicUrl } = server
      return { kind: 'parley', port, publicUrl, siteKey: site.key, siteOrigin, tickets }
    },
    getInspectorUrl: () => findInspector(server.logs()),
    /** Stops and starts it; gives the time until it was ready, in milliseconds. */
    async restart() {
      await server.kill('SIGTERM')
      const startedAt = performance.now()
      await server.start()
      return performance.now() - startedAt
    },
    stop: () => server.dispose(),
  }
}

function findInspector(log: string) {
  // The last one: each start has its own.
  const url = [...log.matchAll(inspectorLine)].at(-1)?.[1]
  if (!url) throw new Error('It was not started with --inspect.')
  return url
}

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { findFreePorts } from './free-port.ts'

const built = resolve(import.meta.dirname, '../../dist/server')

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface ServerProcess {
  /** As `PUBLIC_URL` has it: `http://localhost:PORT`. */
  readonly url: string
  /** The demo shop's origin. Answers only when started with `hasDemo`. */
  readonly demoUrl: string
  readonly port: number
  readonly dataDir: string
  readonly pid: number | undefined
  /** All that it wrote to stdout and stderr, over all its lives. */
  logs(): string
  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<Exit>
  /** Sends a signal and does not wait: SIGSTOP, SIGCONT, or a SIGTERM whose drain is being watched. */
  signal(signal: NodeJS.Signals): void
  /** Settles when the current life ends, by whatever. */
  ended(): Promise<Exit>
  /** Starts it again on the same ports and folder, after it ended. */
  start(): Promise<void>
  /** Runs the command line against the same folder. */
  parley(...args: string[]): Promise<Finished>
  /** Kills what still lives and deletes the folder if it was made here. */
  dispose(): Promise<void>
}

export interface StartOptions {
  /** Kept on dispose. Without it, a temporary folder is made and deleted. */
  dataDir?: string
  env?: Record<string, string>
  hasDemo?: boolean
  /** Node's own flags. */
  nodeFlags?: string[]
  readyWithinMs?: number
}

export interface Finished extends Exit {
  stdout: string
  stderr: string
}

/** Starts the built server as a process of its own and waits until it is ready. */
export async function startServer(options: StartOptions = {}): Promise<ServerProcess> {
  const [port = 0, demoPort = 0] = await findFreePorts(2)
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'parley-data-'))
  const env: NodeJS.ProcessEnv = {
    ...withoutOurs(process.env),
    NODE_ENV: 'production',
    PORT: String(port),
    DEMO_PORT: options.hasDemo ? String(demoPort) : 'off',
    DATA_DIR: dataDir,
    ...options.env,
  }
  const url = env['PUBLIC_URL'] ?? `http://localhost:${port}`
  let logs = ''
  let child: ChildProcess | undefined
  let ended: Promise<Exit> = Promise.resolve({ code: 0, signal: null })

  const start = async () => {
    const flags = options.nodeFlags ?? []
    const life = spawn(process.execPath, [...flags, join(built, 'main.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = life
    const keep = (chunk: Buffer) => (logs += chunk.toString())
    life.stdout.on('data', keep)
    life.stderr.on('data', keep)
    ended = endOf(life)
    await untilReady(`http://127.0.0.1:${port}/readyz`, ended, () => logs, options.readyWithinMs)
  }
  const server: ServerProcess = {
    url,
    demoUrl: `http://localhost:${demoPort}`,
    port,
    dataDir,
    get pid() {
      return child?.pid
    },
    logs: () => logs,
    kill(signal) {
      child?.kill(signal)
      return ended
    },
    signal: (signal) => void child?.kill(signal),
    ended: () => ended,
    start,
    parley: (...args) => run(process.execPath, [join(built, 'cli.js'), ...args], env),
    async dispose() {
      child?.kill('SIGKILL')
      await ended
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true })
    },
  }
  try {
    await start()
  } catch (error) {
    await server.dispose()
    throw error
  }
  return server
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd = process.cwd(),
): Promise<Finished> {
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return { ...(await endOf(child)), stdout, stderr }
}

function endOf(child: ChildProcess) {
  return new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    // `close` and not `exit`: by then all that it wrote has been read.
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}

async function untilReady(
  url: string,
  ended: Promise<Exit>,
  logs: () => string,
  withinMs = 20_000,
) {
  let exit: Exit | undefined
  void ended.then((end) => (exit = end))
  for (const until = Date.now() + withinMs; Date.now() < until; await wait(20)) {
    if (exit) throw new Error(`The server ended (${exit.code ?? exit.signal}):\n${logs()}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
  }
  throw new Error(`The server was not ready within ${withinMs} ms:\n${logs()}`)
}

/** The environment of whoever runs the tests must not configure the server under test. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours =
    /^(PORT|HOST|DEMO_PORT|PUBLIC_URL|DATA_DIR|DATABASE_URL|TRUSTED_PROXIES|SMTP_URL|MAIL_FROM|LOG_LEVEL|\w+_MS|NODE_OPTIONS|VITEST\w*|NODE_ENV)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)))
}

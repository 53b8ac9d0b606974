import { fileURLToPath } from 'node:url'

import { pino } from 'pino'

import { createSetupLink } from './actions/people.ts'
import { createSite, tagOf } from './actions/sites.ts'
import { type App, buildApp } from './app.ts'
import { openAssets } from './assets.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import type { Context } from './context.ts'
import { type Demo, startDemo } from './demo/demo.ts'
import { exitCodes } from './exit-codes.ts'
import { rememberAddress } from './remembered-address.ts'
import { openSqliteStore } from './store/open.ts'
import { listSites } from './store/sites.ts'
import { StoreFailure } from './store/store.ts'

/** All of a drain must be over by then, whatever hangs. */
const exitWithinMs = 9_000

/** The process: environment, listen, signals, exit code. */
async function serve() {
  const config = readConfig(process.env)
  const isDevelopment = process.env['NODE_ENV'] === 'development'
  // To stderr: stdout is for what people are told at the start.
  const log = pino({ level: config.logLevel, base: null }, pino.destination(2))
  const assets = openAssets(fileURLToPath(import.meta.url), { isFresh: isDevelopment })
  const store = await openSqliteStore({
    dataDir: config.dataDir,
    now: Date.now,
    isExclusive: true,
    // Nothing more can be promised: the sockets go with the process, and clients resume at the next one.
    onFatal: end,
  })
  const app = await buildApp({ config, store, assets, log })
  try {
    await app.app.listen({ port: config.port, host: config.host })
  } catch (error) {
    throw toPortFailure(error, config.port, 'PORT')
  }
  const demo =
    config.demoPort === 'off' ? undefined : await serveDemo(config, config.demoPort, app.context)
  stopOnSignals(app, demo, config.drainMs)
  rememberAddress(config)
  await sayHello(config, app.context)
}

async function serveDemo(config: Config, port: number, context: Context): Promise<Demo> {
  const origins = [`http://localhost:${port}`, `http://127.0.0.1:${port}`]
  const findTag = async () => {
    const sites = await listSites(context.store.read)
    const site = sites.find((known) => known.origins.some((origin) => origins.includes(origin)))
    return site && tagOf(config.publicUrl, site.key)
  }
  if (!(await findTag())) await createSite(context, { name: 'Demo shop', origins })
  try {
    return await startDemo({ port, host: config.host, tag: findTag, cspHost: config.publicUrl })
  } catch (error) {
    throw toPortFailure(error, port, 'DEMO_PORT')
  }
}

function stopOnSignals(app: App, demo: Demo | undefined, drainMs: number) {
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    if (process.stdout.isTTY && drainMs > 0) {
      process.stdout.write(
        '\nStopping: browsers are told to come back, which takes a few seconds. Ctrl+C again stops at once.\n',
      )
    }
    setTimeout(() => process.exit(exitCodes.ok), exitWithinMs).unref()
    app
      .drain()
      .then(() => demo?.close())
      .then(() => app.close())
      .then(() => process.exit(exitCodes.ok), end)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

async function sayHello(config: Config, context: Context) {
  const lines = ['', `Console    ${config.publicUrl}/console/`]
  const link = await createSetupLink(context)
  if (link)
    lines.push(`Set-up     ${link}`, '           (opens once: your account, your site, the tag)')
  if (config.demoPort !== 'off') lines.push(`Demo shop  http://localhost:${config.demoPort}/`)
  const sites = await listSites(context.store.read)
  // The owner's own site before the demo's.
  const site = sites.find(({ name }) => name !== 'Demo shop') ?? sites[0]
  if (site) lines.push(`Tag        ${tagOf(config.publicUrl, site.key)}   (${site.name})`)
  else lines.push('Tag        (made with your first site, in the set-up)')
  lines.push(...config.notices.map((notice) => `Note       ${notice}`), '')
  process.stdout.write(`${lines.join('\n')}\n`)
}

class PortFailure extends Error {
  override name = 'PortFailure'
}

function toPortFailure(error: unknown, port: number, variable: string) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new PortFailure(
      `Port ${port} is taken by another program. Stop that one, or set ${variable} to another port.`,
    )
  }
  if (code === 'EACCES') {
    return new PortFailure(
      `Port ${port} may not be used by this user. Set ${variable} to one above 1023.`,
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new PortFailure('HOST is not an address of this machine. Set HOST=127.0.0.1 or 0.0.0.0.')
  }
  return error
}

/** One clear sentence and an exit code. */
function end(error: unknown): never {
  if (error instanceof ConfigError) {
    for (const mistake of error.mistakes) process.stderr.write(`${mistake}\n`)
    process.exit(exitCodes.config)
  }
  if (error instanceof PortFailure) {
    process.stderr.write(`${error.message}\n`)
    process.exit(exitCodes.port)
  }
  if (error instanceof StoreFailure) {
    process.stderr.write(`${error.message}\n`)
    if (error.reason === 'io') process.exit(exitCodes.io)
    process.exit(error.reason === 'newer' ? exitCodes.newerData : exitCodes.data)
  }
  process.stderr.write(
    `Parley stopped on an error that it does not know:\n${String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exit(exitCodes.bug)
}

// Last: classes exist only from their line on, and an early end needs them.
await serve().catch(end)

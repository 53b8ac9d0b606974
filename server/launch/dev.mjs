import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { build } from './build.mjs'
import { install } from './install.mjs'
import { bin, root } from './paths.mjs'
import { launch, say, Sentence } from './sentence.mjs'
import { forgetBuilt } from './stamp.mjs'

/*
 * `npm run dev`: people use PORT as always. There Vite answers, with hot reload for the console, and passes
 * everything else on to the server behind it, which starts anew when its sources change.
 */
await launch(async () => {
  await install()
  await build()
  const port = Number(process.env.PORT || 3000)
  const behind = Number(process.env.DEV_SERVER_PORT || port + 10)
  if (!Number.isInteger(port) || !Number.isInteger(behind)) {
    throw new Sentence('PORT and DEV_SERVER_PORT must be numbers.')
  }

  process.env.NODE_ENV = 'development'
  const vite = await import('vite')
  // What the watchers write is a development build, of whatever the sources are meanwhile: no start may take it for its own.
  forgetBuilt('widget')
  const watchers = [await watchWidget(vite, 'panel'), await watchWidget(vite, 'loader')]
  const front = await serveConsole(vite, { port, behind })
  const server = serveBehind({ port, behind })

  let isStopping = false
  const stop = (signal) => {
    if (isStopping) return
    isStopping = true
    // Ctrl+C reaches the server by itself; a second signal would make its watcher kill it.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) server.kill('SIGTERM')
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const code = await new Promise((resolve) => server.once('exit', resolve))
  await Promise.allSettled([front.close(), ...watchers.map((watcher) => watcher.close())])
  process.exit(code ?? 0)
})

/** Builds the widget again at every change of its sources. */
async function watchWidget(vite, mode) {
  const configFile = join(root, 'vite.config.ts')
  const watcher = await vite.build({ configFile, mode, logLevel: 'warn', build: { watch: {} } })
  watcher.on('event', (event) => {
    if (event.code === 'END') say(`Built the widget's ${mode}. Reload the shop to see it.`)
    if (event.code === 'ERROR') console.error(event.error)
  })
  return watcher
}

async function serveConsole(vite, { port, behind }) {
  const target = `http://127.0.0.1:${behind}`
  const front = await vite.createServer({
    configFile: join(root, 'vite.config.ts'),
    mode: 'console',
    appType: 'spa',
    customLogger: withoutProxyErrors(vite.createLogger('info')),
    server: {
      port,
      strictPort: true,
      host: process.env.HOST || '127.0.0.1',
      proxy: {
        '^/w(/|$)': { target, configure: forbidCaching },
        '^/(api|healthz|readyz|metrics)(/|$)': { target },
        '^/ws(/|$)': { target, ws: true },
      },
    },
  })
  await front.listen()
  return front
}

/** While the server starts anew nobody answers behind Vite. Clients try again by themselves; no page of errors is needed. */
function withoutProxyErrors(logger) {
  const { error } = logger
  logger.error = (message, options) => {
    if (!/(http|ws) proxy (socket )?error/.test(message)) error(message, options)
  }
  return logger
}

/** A page keeps the loader for a while and would go on showing the widget from before the change. */
function forbidCaching(proxy) {
  proxy.on('proxyRes', (answer) => {
    answer.headers['cache-control'] = 'no-store'
  })
}

function serveBehind({ port, behind }) {
  const env = {
    ...process.env,
    PORT: String(behind),
    DEMO_PORT: process.env.DEMO_PORT || String(port + 1),
    // Every change is a restart: nobody waits for clients to be told in turn.
    DRAIN_MS: process.env.DRAIN_MS || '0',
    PUBLIC_URL: process.env.PUBLIC_URL || `http://localhost:${port}`,
  }
  const args = ['watch', '--clear-screen=false', 'server/main.ts']
  return spawn(bin('tsx'), args, { cwd: root, env, stdio: 'inherit' })
}

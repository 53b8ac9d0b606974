import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { build } from './build.mjs'
import { install } from './install.mjs'
import { dist } from './paths.mjs'
import { launch } from './sentence.mjs'
import { staleTargets } from './stamp.mjs'

/** `npm start`: installs what is missing, builds what is stale, serves. In this process, so that signals and exit codes are the server's own. */
await launch(async () => {
  await install({ isBuilt: staleTargets().length === 0 })
  await build()
  process.title = 'parley'
  if (process.env.npm_lifecycle_event) stopWithParent()
  await import(pathToFileURL(join(dist, 'server/main.js')).href)
})

/** Whoever kills npm means the server: an orphan would go on holding the port and the folder. */
function stopWithParent() {
  const parent = process.ppid
  const look = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(look)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  look.unref()
}

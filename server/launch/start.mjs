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
  await import(pathToFileURL(join(dist, 'server/main.js')).href)
})

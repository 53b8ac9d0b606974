#!/usr/bin/env node
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { build } from './build.mjs'
import { install } from './install.mjs'
import { dist } from './paths.mjs'
import { launch } from './sentence.mjs'
import { staleTargets } from './stamp.mjs'

/** `npx parley …`: the command line from the checkout. Nothing but the command itself writes to stdout. */
await launch(async () => {
  await install({ isBuilt: staleTargets().length === 0 })
  await build()
  await import(pathToFileURL(join(dist, 'server/cli.js')).href)
})

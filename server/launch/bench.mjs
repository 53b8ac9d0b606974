import { build } from './build.mjs'
import { run } from './child.mjs'
import { install } from './install.mjs'
import { root } from './paths.mjs'
import { launch } from './sentence.mjs'

/** `npm run bench -- …`: measures what was built. */
await launch(async () => {
  await install()
  await build()
  const flags = ['--import', 'tsx', '--expose-gc', 'test/bench/main.ts']
  process.exitCode = await run(process.execPath, [...flags, ...process.argv.slice(2)], {
    cwd: root,
  })
})

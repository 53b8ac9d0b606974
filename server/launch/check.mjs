import { build } from './build.mjs'
import { run } from './child.mjs'
import { install } from './install.mjs'
import { bin, root } from './paths.mjs'
import { launch, say } from './sentence.mjs'
import { test } from './test.mjs'

const tool = (name, ...args) => run(bin(name), args, { cwd: root })

const steps = [
  ['Format', () => tool('oxfmt', '--check')],
  ['Lint', () => tool('oxlint')],
  ['Unused', () => tool('knip')],
  ...['shared', 'widget', 'console', 'server', 'test'].map((folder) => [
    `Types of ${folder}`,
    () => tool('tsc', '-p', folder),
  ]),
  // The tools above are tests as well, for those who only run the tests; once is enough here.
  ['Tests', () => test(['--exclude', 'test/check/tools.test.ts'])],
  ['Size', () => tool('size-limit')],
]

/** `npm run check`: format, lint, types, tests, size. Stops at the first step that fails. */
await launch(async () => {
  await install()
  await build()
  for (const [name, step] of steps) {
    say(name)
    process.exitCode = await step()
    if (process.exitCode !== 0) return
  }
})

import { resolve } from 'node:path'

import { expect, test } from 'vitest'

import { build } from '../../server/launch/build.mjs'
import { run } from '../support/process.ts'

const root = resolve(import.meta.dirname, '../..')

/*
 * The tools of `npm run check` as tests, so that whoever runs the tests has run them, too.
 * What they print is the message of the failure.
 */
async function expectClean(tool: string, ...args: string[]) {
  const { code, stdout, stderr } = await run(
    resolve(root, 'node_modules/.bin', tool),
    args,
    { ...process.env, NO_COLOR: '1' },
    root,
  )
  expect(code, `${tool} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0)
}

test('every file is formatted', () => expectClean('oxfmt', '--check'))

test('the linter finds nothing', () => expectClean('oxlint'))

test.for(['shared', 'widget', 'console', 'server', 'test'])('the types of %s hold', (folder) =>
  expectClean('tsc', '-p', folder),
)

test('nothing is unused', () => expectClean('knip'))

test('the widget and the console are within their size budgets', async () => {
  await build()
  await expectClean('size-limit')
})

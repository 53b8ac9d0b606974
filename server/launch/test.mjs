import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { build } from './build.mjs'
import { run } from './child.mjs'
import { install } from './install.mjs'
import { root } from './paths.mjs'
import { launch } from './sentence.mjs'

/** Runs vitest with these arguments and ends with the line that says how it went. The answer is the exit code. */
export async function test(args) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'))
  const countsPath = join(folder, 'counts.json')
  try {
    const code = await run(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=./test/support/reporter.ts',
        ...args,
      ],
      { cwd: root, env: { ...process.env, PARLEY_TEST_COUNTS: countsPath } },
    )
    const { passed, failed, skipped } = readCounts(countsPath)
    // Whatever else made vitest end badly is a failure, too.
    const allFailed = code !== 0 && failed === 0 ? 1 : failed
    console.log(`${passed} passed, ${allFailed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
    return allFailed > 0 && code === 0 ? 1 : code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await launch(async () => {
    await install()
    await build()
    process.exitCode = await test(process.argv.slice(2))
  })
}

import { writeFileSync } from 'node:fs'

import type { Reporter, TestModule } from 'vitest/node'

/** Writes the counts of a run to the file in PARLEY_TEST_COUNTS: the launcher ends with one line made of them. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const path = process.env['PARLEY_TEST_COUNTS']
    if (!path) return
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      let hasFailedTest = false
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'failed') counts.failed++
        else counts.skipped++
        hasFailedTest ||= state === 'failed'
      }
      // A file that could not be loaded, or whose set-up failed, has no failed test to show for it.
      if (!module.ok() && !hasFailedTest) counts.failed++
    }
    writeFileSync(path, JSON.stringify(counts))
  }
}

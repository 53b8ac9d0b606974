import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { run } from '../support/process.ts'

const root = resolve(import.meta.dirname, '../..')

/** A file of a layer, and imports that it must not make. */
const wrong: [file: string, imports: string[]][] = [
  [
    'shared/timeline/a.ts',
    ['preact', 'node:fs', 'kysely', '../../widget/x.ts', '../../console/x.ts', '../../server/x.ts'],
  ],
  ['widget/panel/a.ts', ['node:fs', '../../console/x.ts', '../../server/x.ts']],
  ['widget/loader/a.ts', ['preact', 'valibot', '../panel/components/x.tsx', '../panel/mount.tsx']],
  ['console/models/a.ts', ['node:fs', '../../widget/x.ts', '../../server/x.ts']],
  ['server/a.ts', ['../widget/x.ts', '../console/x.ts', '../test/x.ts']],
  [
    'server/rules/a.ts',
    ['node:fs', 'nanoid', '../store/x.ts', '../context.ts', '../../console/x.ts'],
  ],
  [
    'server/store/a.ts',
    ['../actions/x.ts', '../http/x.ts', '../realtime/x.ts', '../jobs/x.ts', '../app.ts'],
  ],
  ['server/store/sqlite/a.ts', ['../../actions/x.ts', '../../../widget/x.ts']],
  ['server/bus/a.ts', ['../actions/x.ts', '../main.ts']],
  [
    'server/actions/a.ts',
    ['../http/x.ts', '../realtime/x.ts', '../jobs/x.ts', '../app.ts', 'fastify', 'better-sqlite3'],
  ],
  ['server/http/a.ts', ['../app.ts', '../main.ts', 'kysely', '../../console/x.ts']],
  ['server/realtime/a.ts', ['../app.ts', '../main.ts', 'better-sqlite3']],
  ['server/jobs/a.ts', ['../app.ts', '../main.ts']],
  ['server/simulate/a.ts', ['../store/x.ts', '../actions/x.ts', '../realtime/x.ts']],
  ['server/demo/a.ts', ['../config.ts', '../../shared/unreachable.ts']],
]

/** Imports that each layer lives on. */
const right: [file: string, imports: string[]][] = [
  ['shared/timeline/a.ts', ['valibot', './x.ts', '../protocol/x.ts']],
  ['widget/panel/a.ts', ['preact', '@preact/signals', './x.ts', '../../shared/protocol/x.ts']],
  ['widget/loader/a.ts', ['./x.ts', '../../shared/protocol/x.ts', '../panel/strings/x.ts']],
  ['console/models/a.ts', ['preact', '@preact/signals', '../../shared/api/api.ts']],
  ['server/rules/a.ts', ['./x.ts', '../../shared/unreachable.ts']],
  ['server/store/a.ts', ['kysely', 'node:fs', '../rules/x.ts', '../../shared/protocol/x.ts']],
  ['server/actions/a.ts', ['../store/x.ts', '../rules/x.ts', '../bus/x.ts', '../context.ts']],
  ['server/http/a.ts', ['fastify', '../actions/x.ts', '../../shared/api/api.ts']],
  ['server/main.ts', ['./app.ts', './config.ts', 'node:process']],
  ['shared/timeline/a.test.ts', ['vitest', 'fast-check', '../../test/support/x.ts']],
]

let folder: string
/** `file:line` of each import that the linter refused. */
let refused: Set<string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-arrows-'))
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, imports] of [...prefixed('wrong', wrong), ...prefixed('right', right)]) {
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, imports.map((name, at) => `export * as n${at} from '${name}'\n`).join(''))
  }
  const { stdout } = await run(
    join(root, 'node_modules/.bin/oxlint'),
    ['--format=json', '.'],
    process.env,
    folder,
  )
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[]
  }
  refused = new Set(
    diagnostics
      .filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename, labels }) => `${filename}:${labels[0]?.span.line}`),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The same layers twice: the overrides look at the end of the path. */
function prefixed(kind: 'wrong' | 'right', files: typeof wrong): typeof wrong {
  return files.map(([file, imports]) => [nameOf(kind, file), imports])
}

function nameOf(kind: 'wrong' | 'right', file: string) {
  return kind === 'wrong' ? file.replace(/a\.ts$/, 'wrong.ts') : file
}

const eachImport = (files: typeof wrong) =>
  files.flatMap(([file, imports]) => imports.map((name, at) => [file, name, at + 1] as const))

test.for(eachImport(wrong))('%s may not import %s', ([file, , line]) => {
  expect(refused).toContain(`${nameOf('wrong', file)}:${line}`)
})

test.for(eachImport(right))('%s may import %s', ([file, , line]) => {
  expect(refused).not.toContain(`${nameOf('right', file)}:${line}`)
})

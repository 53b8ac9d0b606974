import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const spec = readFileSync(join(root, 'shared/protocol/SPEC.md'), 'utf8')
const rules = [...spec.matchAll(/^- \*\*(\d+\.\d+)\*\*/gm)].map(([, number]) => String(number))

/** The numbers at the head of the titles of all tests. */
const tested = ['shared', 'server', 'test']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  )
  .flatMap((source) => [...source.matchAll(/['"`]\[(\d+\.\d+)\] /g)])
  .map(([, number]) => String(number))

test('every number that a test carries is a rule of the specification', () => {
  expect(rules.length).toBeGreaterThan(50)
  expect(tested.length).toBeGreaterThan(50)
  expect(tested.filter((number) => !rules.includes(number))).toEqual([])
})

test('rules are numbered without holes', () => {
  const chapters = [...spec.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number))
  expect(chapters).toEqual(chapters.map((_, index) => index + 1))
  for (const chapter of chapters) {
    const own = rules.filter((rule) => rule.startsWith(`${chapter}.`))
    expect(own).toEqual(own.map((_, index) => `${chapter}.${index + 1}`))
  }
})

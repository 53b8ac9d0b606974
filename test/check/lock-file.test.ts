import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { expect, test } from 'vitest'

interface Entry {
  version?: string
  optionalDependencies?: Record<string, string>
}

const path = resolve(import.meta.dirname, '../../package-lock.json')
const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> }

test('every binary for another system is locked, too', () => {
  // npm leaves out what it could not look up when the file was written, and `npm ci` then refuses the whole file.
  const missing = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !find(at, name)),
  )
  expect(missing).toEqual([])
})

test('every locked package has a version', () => {
  expect(Object.entries(packages).filter(([, entry]) => !entry.version)).toEqual([])
})

/** Looks where Node would: beside the package, then further up. */
function find(from: string, name: string): Entry | undefined {
  const found = packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]
  if (found || from === '') return found
  const end = from.lastIndexOf('/node_modules/')
  return find(end < 0 ? '' : from.slice(0, end), name)
}

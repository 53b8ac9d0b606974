import { expect, test } from 'vitest'

import { fnv1a } from './fnv1a.ts'

// Published vectors of 32-bit FNV-1a.
test.for([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
] as const)('the hash of "%s" is the published one', ([text, hash]) => {
  expect(fnv1a(text)).toBe(hash)
})

test('an origin and its neighbour differ', () => {
  expect(fnv1a('http://localhost:3001')).not.toBe(fnv1a('http://localhost:3000'))
})

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { backoffMs } from './backoff.ts'

test('[9.1] a wait lies between nothing and a bound that doubles from 1 s to 30 s', () => {
  fc.assert(
    fc.property(
      fc.nat(5_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, random) => {
        const ms = backoffMs(failures, random)
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThan(Math.min(30_000, 1_000 * 2 ** failures))
      },
    ),
  )
})

test('[9.1] the jitter is full: chance decides over the whole wait', () => {
  expect(backoffMs(3, 0)).toBe(0)
  expect(backoffMs(3, 0.5)).toBe(4_000)
  expect(backoffMs(30, 0.5)).toBe(15_000)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { TokenBuckets } from './token-bucket.ts'

test('never gives more than the burst and what came since', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 500 }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 50 }),
      (pauses, burst, perSecond) => {
        const buckets = new TokenBuckets({ burst, perSecond })
        let now = 0
        let given = 0
        for (const pause of pauses) {
          now += pause
          if (buckets.take('a', now) === 0) given += 1
        }
        expect(given).toBeLessThanOrEqual(burst + (now * perSecond) / 1_000)
      },
    ),
  )
})

test('who waits as long as told gets one', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 3 })
  expect(buckets.take('a', 0)).toBe(0)
  const waitMs = buckets.take('a', 0)
  expect(waitMs).toBeGreaterThan(0)
  expect(buckets.take('a', waitMs)).toBe(0)
})

test('one who takes much takes nothing from others, and the idle are forgotten', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 })
  buckets.take('a', 0)
  buckets.take('a', 0)
  expect(buckets.take('b', 0)).toBe(0)
  buckets.sweep(2_000)
  expect(buckets.size).toBe(0)
})

test('whoever calls, and never calls again, is forgotten without being asked for it', () => {
  const buckets = new TokenBuckets({ burst: 3, perSecond: 1 })
  for (let second = 0; second < 50_000; second += 1) buckets.take(`address ${second}`, second * 10)
  expect(buckets.size).toBeLessThan(3_000)
})

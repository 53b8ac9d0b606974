import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createChance } from './chance.ts'
import { percentile, toSpread } from './figures.ts'

test('a percentile is the smallest sample that the share does not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
  expect(toSpread(hundred)).toEqual({ p50: 50, p95: 95, p99: 99, samples: 100 })
  expect(percentile([7], 0.99)).toBe(7)
  expect(percentile([], 0.5)).toBeNull()
})

test('law: a percentile is one of the samples, and no more than its share lies below it', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 })
  fc.assert(
    fc.property(samples, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (list, share) => {
      const value = percentile(list, share)!
      expect(list).toContain(value)
      expect(list.filter((one) => one < value).length).toBeLessThan(list.length * share)
    }),
  )
})

test('the same seed draws the same, another one does not, and forks do not disturb each other', () => {
  const draws = (seed: number, fork: string) => {
    const chance = createChance(seed).fork(fork)
    return Array.from({ length: 5 }, () => chance.draw())
  }
  expect(draws(1, 'a')).toEqual(draws(1, 'a'))
  expect(draws(1, 'a')).not.toEqual(draws(2, 'a'))
  expect(draws(1, 'a')).not.toEqual(draws(1, 'b'))
  const one = createChance(1)
  one.draw()
  expect(one.fork('a').draw()).toBe(draws(1, 'a')[0])
  const all = createChance(7)
  const spread = Array.from({ length: 2_000 }, () => all.whole(0, 9))
  for (let n = 0; n < 10; n++) expect(spread.filter((one) => one === n).length).toBeGreaterThan(120)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Tally } from './tally.ts'

test('nobody holds more than the limit, and who gave all back is forgotten', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean())), (steps) => {
      const tally = new Tally(3)
      const held = { a: 0, b: 0 }
      for (const [key, isTaking] of steps) {
        if (!isTaking) {
          if (held[key] > 0) tally.give(key)
          held[key] = Math.max(0, held[key] - 1)
        } else if (tally.take(key)) held[key] += 1
        else expect(held[key]).toBe(3)
        expect(held[key]).toBeLessThanOrEqual(3)
      }
      expect(tally.size).toBe(Object.values(held).filter((count) => count > 0).length)
    }),
  )
})

import { describe, expect, test } from 'vitest'

import { createWhen } from './when.ts'

const words = { today: 'Today', yesterday: 'Yesterday' }
/** Noon of a Tuesday, wherever the test runs. */
const now = new Date(2026, 10, 3, 12, 0).getTime()
const hour = 3_600_000
const when = createWhen('en', words, () => now, ['lv', 'en-GB'])

describe('a time', () => {
  test.for([
    [0, '1m'],
    [5 * 60_000, '5m'],
    [3 * hour, '3h'],
    [50 * hour, '2d'],
    [-hour, '1m'],
    [9 * 24 * hour, '25 Oct'],
  ] as const)('%d ms ago is "%s"', ([ago, text]) => {
    expect(when.ago(now - ago)).toBe(text)
  })

  test.for([
    [0, 'Today'],
    [11 * hour, 'Today'],
    [13 * hour, 'Yesterday'],
    [4 * 24 * hour, 'Friday 30 October'],
    [400 * 24 * hour, '29 September 2025'],
  ] as const)('%d ms ago was "%s"', ([ago, text]) => {
    expect(when.day(now - ago).replace(',', '')).toBe(text)
  })

  test("is told by the visitor's own clock", () => {
    const afternoon = new Date(2026, 10, 3, 14, 5).getTime()
    expect(when.clock(afternoon)).toBe('14:05')
    expect(createWhen('en', words, () => now, ['en-US']).clock(afternoon)).toMatch(/^2:05\sPM$/)
  })

  test.for([[['en-US@posix']], [['lv', 'ru']], [[]]])(
    'can be told whatever the browser prefers: %j',
    ([tags]) => {
      expect(createWhen('en', words, () => now, tags ?? []).clock(now)).toMatch(/12:00/)
    },
  )
})

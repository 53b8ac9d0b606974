import { expect, test } from 'vitest'

import { toAgo, toClockIn, toDayName, toShortTime, toWait } from './time.ts'

const now = new Date(2026, 10, 12, 14, 5, 9).getTime()
const minute = 60_000

test.for([
  { age: 0, text: 'now' },
  { age: -5000, text: 'now' },
  { age: 59_000, text: 'now' },
  { age: 2 * minute, text: '2m' },
  { age: 61 * minute, text: '13:04' },
  { age: 9 * 24 * 60 * minute, text: '3 Nov' },
  { age: 400 * 24 * 60 * minute, text: '8 Oct 2025' },
])('$text for what is $age ms old', ({ age, text }) => {
  expect(toShortTime(now - age, now)).toBe(text)
})

test.for([
  { ms: -10, text: '0s' },
  { ms: 40_000, text: '40s' },
  { ms: 65_000, text: '1m 05s' },
  { ms: 7_380_000, text: '2h 03m' },
  { ms: 360_000_000, text: '4d 4h' },
])('a wait of $ms ms is $text', ({ ms, text }) => {
  expect(toWait(ms)).toBe(text)
})

test('days have names where they are near', () => {
  expect(toDayName(now - minute, now)).toBe('Today')
  expect(toDayName(now - 24 * 60 * minute, now)).toBe('Yesterday')
  expect(toDayName(now - 9 * 24 * 60 * minute, now)).toBe('Tuesday 3 November')
})

test('a zone that no browser knows is no error', () => {
  const noon = Date.UTC(2026, 10, 12, 12)
  expect(toClockIn('Europe/Riga', noon)).toBe('14:00')
  expect(toClockIn('Mars/Olympus', noon)).toBeUndefined()
})

test('what is seen is said in words', () => {
  expect(toAgo(now, now)).toBe('just now')
  expect(toAgo(now - 3000, now)).toBe('3 sec ago')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { contrastOf, toAccent } from './accent.ts'

const colors = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`)

test('whatever colour a site has, all that is written on it and in it can be read', () =>
  fc.assert(
    fc.property(colors, (color) => {
      const { accent, ink, onLight, onDark } = toAccent(color)
      for (const each of [accent, ink, onLight, onDark]) expect(each).toMatch(/^#[\da-f]{6}$/)
      expect(contrastOf(accent, ink)).toBeGreaterThanOrEqual(4.5)
      for (const ground of ['#ffffff', '#f7f6f4', '#f0efec'])
        expect(contrastOf(onLight, ground)).toBeGreaterThanOrEqual(4.5)
      for (const ground of ['#131416', '#1c1d20', '#2e3035'])
        expect(contrastOf(onDark, ground)).toBeGreaterThanOrEqual(4.5)
    }),
    { numRuns: 5_000 },
  ))

test.for([
  { name: 'ours is as it is, with white', color: '#4263e0', accent: '#4263e0', ink: '#ffffff' },
  { name: 'a dark one too', color: '#123456', accent: '#123456', ink: '#ffffff' },
  { name: 'a yellow stays, with dark ink', color: '#ffd400', accent: '#ffd400', ink: '#101218' },
  { name: 'white stays, with dark ink', color: '#ffffff', accent: '#ffffff', ink: '#101218' },
  { name: 'what is no colour is ours', color: 'red', accent: '#4263e0', ink: '#ffffff' },
])('$name', ({ color, accent, ink }) => {
  expect(toAccent(color)).toMatchObject({ accent, ink })
})

test('a colour on which white is nearly readable is darkened a little', () => {
  const { accent, ink } = toAccent('#e0553f')
  expect(ink).toBe('#ffffff')
  expect(contrastOf(accent, '#ffffff')).toBeLessThan(4.8)
})

test('contrast is that of WCAG', () => {
  expect(contrastOf('#000000', '#ffffff')).toBe(21)
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrastOf('#abcdef', '#abcdef')).toBe(1)
})

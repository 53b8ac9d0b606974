import fc from 'fast-check'
import { expect, test } from 'vitest'

import { toHref, toInitials, toLanguageName, toPagePath, toPlace, toVisitorName } from './names.ts'

test.for([
  { zone: 'Europe/Riga', place: 'Riga' },
  { zone: 'America/Argentina/Buenos_Aires', place: 'Buenos Aires' },
  { zone: 'UTC', place: undefined },
  { zone: 'Etc/GMT-3', place: undefined },
  { zone: null, place: undefined },
])('$zone is $place', ({ zone, place }) => {
  expect(toPlace(zone)).toBe(place)
})

test('an anonymous visitor is called after their place, if there is one', () => {
  expect(toVisitorName(null, 'Europe/Riga')).toBe('Visitor from Riga')
  expect(toVisitorName(null, 'UTC')).toBe('Visitor')
  expect(toVisitorName('Marta', 'Europe/Riga')).toBe('Marta')
})

test.for([
  { name: 'Marta Bērziņa', letters: 'MB' },
  { name: 'Zoë de la Cruz', letters: 'ZC' },
  { name: 'игорь', letters: 'И' },
  { name: '🦊 Fox', letters: 'F' },
  { name: '𝒜lice', letters: '𝒜' },
  { name: ' ', letters: '?' },
])('$name is $letters', ({ name, letters }) => {
  expect(toInitials(name)).toBe(letters)
})

test('only web addresses can be clicked', () => {
  expect(toHref('https://shop.example.com/')).toBe('https://shop.example.com/')
  for (const url of ['javascript:alert(1)', ' https://x', 'data:text/html,x', '//x.example']) {
    expect(toHref(url)).toBeUndefined()
  }
})

test('whatever a browser sends has a name', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof toPagePath(text)).toBe('string')
      expect(typeof toLanguageName(text)).toBe('string')
    }),
  )
})

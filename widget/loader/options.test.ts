import { expect, test } from 'vitest'

import { makeConfig } from '../../test/support/widget-fixtures.ts'
import { readOptions } from './options.ts'

const { settings } = makeConfig()
const read = (data: Parameters<typeof readOptions>[1], direction = 'ltr') =>
  readOptions(settings, data, direction)

test('without attributes the site decides', () => {
  expect(read({})).toEqual({
    settings,
    direction: 'ltr',
    offset: '20px',
    zIndex: '2147483000',
  })
})

test('attributes of the tag go before the settings of the site', () => {
  const options = read({ theme: 'dark', side: 'start', offset: '0', z: '5' })
  expect(options).toMatchObject({
    settings: { theme: 'dark', side: 'start', accent: settings.accent },
    offset: '0px',
    zIndex: '5',
  })
})

test.for([{ offset: 'much' }, { offset: '-1' }, { z: 'above' }])(
  'a number that is none is passed over: %o',
  (data) => {
    expect(read(data)).toEqual(read({}))
  },
)

test.for([
  ['fa', 'ltr', 'rtl'],
  ['en', 'rtl', 'rtl'],
  ['fa-IR', 'rtl', 'rtl'],
  ['fr', 'ltr', 'ltr'],
] as const)('language %s on a page that reads %s reads %s', ([lang, page, direction]) => {
  expect(read({ lang }, page).direction).toBe(direction)
})

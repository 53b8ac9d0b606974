import { expect, test } from 'vitest'

import { parseOrigins } from './origins.ts'

test.for([
  { text: 'https://shop.example.com', origins: ['https://shop.example.com'] },
  { text: 'shop.example.com', origins: ['https://shop.example.com'] },
  { text: 'https://Shop.Example.com/cart?a=1', origins: ['https://shop.example.com'] },
  { text: 'localhost:3001', origins: ['http://localhost:3001'] },
  {
    text: 'http://a.example\n\n b.example , a.example:80',
    origins: ['http://a.example', 'https://b.example', 'https://a.example:80'],
  },
  { text: 'https://a.example\nhttps://a.example/', origins: ['https://a.example'] },
])('"$text" is understood', ({ text, origins }) => {
  expect(parseOrigins(text)).toEqual({ ok: true, origins })
})

test.for([
  { text: '', wrong: undefined },
  { text: 'not an origin', wrong: 'not an origin' },
  { text: 'ftp://files.example', wrong: 'ftp://files.example' },
  { text: 'javascript:alert(1)', wrong: 'javascript:alert(1)' },
  { text: 'https://ok.example\nme@example.com', wrong: 'me@example.com' },
])('"$text" is not', ({ text, wrong }) => {
  expect(parseOrigins(text)).toEqual({ ok: false, wrong })
})

import { expect, test } from 'vitest'

import { toBrowserOrigin } from './origin.ts'

test.each([
  ['https://shop.example.com', 'https://shop.example.com'],
  ['https://shop.example.com:443', 'https://shop.example.com'],
  ['http://shop.example.com:80', 'http://shop.example.com'],
  ['https://shop.example.com:8443', 'https://shop.example.com:8443'],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['http://[0:0:0:0:0:0:0:1]:4000', 'http://[::1]:4000'],
  ['https://shop.example.com:99999', undefined],
  ['https://shop.example.com/path', undefined],
  ['https://me@shop.example.com', undefined],
  ['ftp://shop.example.com', undefined],
  ['javascript:alert(1)', undefined],
  ['null', undefined],
])('%s is to a browser %s', (written, origin) => {
  expect(toBrowserOrigin(written)).toBe(origin)
})

// @vitest-environment happy-dom
import * as v from 'valibot'
import { beforeEach, expect, test } from 'vitest'

import { visitorCommandSchemas, visitorHelloSchema } from '../../shared/protocol/commands.ts'
import { findPage, getStartFacts } from './page.ts'

beforeEach(() => {
  location.href = 'https://shop.example/checkout?card=4111&email=a@b.c#step-2'
  document.title = 'Checkout'
})

test('the page is told without what stands behind its path', () => {
  expect(findPage()).toEqual({ url: 'https://shop.example/checkout', title: 'Checkout' })
})

test('a page without an address is not told', () => {
  location.href = 'about:blank'
  expect(findPage()).toBeUndefined()
})

test.for(['x'.repeat(5000), '', 'Ein Titel'])(
  'what is told has the shape that the server takes: title "%s"',
  (title) => {
    document.title = title
    const { referrer: _, ...facts } = getStartFacts()
    const hello = { type: 'hello', version: 1, site: 'key', token: 'a'.repeat(43), ...facts }
    expect(v.is(visitorHelloSchema, hello)).toBe(true)
    const send = {
      type: 'message.send',
      ref: '1',
      conversationId: 'conversation-1',
      clientId: 'client-id-1',
      text: 'Hello',
      start: getStartFacts(),
    }
    expect(v.is(visitorCommandSchemas['message.send'], send)).toBe(true)
  },
)

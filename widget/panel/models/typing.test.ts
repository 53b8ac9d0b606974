import { expect, test } from 'vitest'

import { createFakeTimers } from '../../../test/support/fake-timers.ts'
import { createTyping } from './typing.ts'

function setUp({ hasPreview = false } = {}) {
  const timers = createFakeTimers()
  const told: (string | boolean)[] = []
  const typing = createTyping({
    timers,
    hasPreview: () => hasPreview,
    tell: (isTyping, text) => told.push(text ?? isTyping),
  })
  return { timers, told, typing }
}

test('typing is told at once, then seldom, and ended when it is over', async () => {
  const { timers, told, typing } = setUp()
  for (const text of ['a', 'ab', 'abc', 'abcd']) {
    typing.set(text)
    await timers.advance(1000)
  }
  expect(told).toEqual([true, true])
  await timers.advance(10_000)
  expect(told).toEqual([true, true, false])
})

test('nobody types who has cleared the field, and it is said once', () => {
  const { told, typing } = setUp()
  typing.set('a')
  typing.set('  ')
  typing.stop()
  expect(told).toEqual([true, false])
})

test('with the preview on the last words are told, at most every 0.8 seconds', async () => {
  const { timers, told, typing } = setUp({ hasPreview: true })
  typing.set('a')
  typing.set('ab')
  typing.set('abc')
  expect(told).toEqual(['a'])
  await timers.advance(800)
  expect(told).toEqual(['a', 'abc'])
})

test('without the preview no word leaves', async () => {
  const { timers, told, typing } = setUp()
  typing.set('secret')
  await timers.advance(20_000)
  expect(told).toEqual([true, false])
})

test('a preview is not longer than the server takes', () => {
  const { told, typing } = setUp({ hasPreview: true })
  typing.set('x'.repeat(5000))
  expect(told).toEqual(['x'.repeat(400)])
})

import { expect, test } from 'vitest'

import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createTypingSignal } from './typing.ts'

test('typing is said at once, then every few seconds, and once when it stops', async () => {
  const timers = createFakeTimers()
  const said: [boolean, number][] = []
  const start = timers.now()
  const typing = createTypingSignal(
    (isTyping) => said.push([isTyping, timers.now() - start]),
    timers,
  )
  for (let count = 0; count < 10; count++) {
    typing.typed('x'.repeat(count + 1))
    await timers.advance(500)
  }
  await timers.advance(20_000)
  expect(said).toEqual([
    [true, 0],
    [true, 2500],
    [false, 8500],
  ])
})

test('an emptied field and a sent message end it, and nothing is said of blanks', async () => {
  const timers = createFakeTimers()
  const said: boolean[] = []
  const typing = createTypingSignal((isTyping) => said.push(isTyping), timers)
  typing.typed('  ')
  typing.typed('a')
  typing.typed('')
  typing.stop()
  await timers.advance(20_000)
  expect(said).toEqual([true, false])
})

import { expect, test } from 'vitest'

import { SignInGuard } from './sign-in-guard.ts'

const fail = (guard: SignInGuard, times: number, now: number) => {
  for (let count = 0; count < times; count += 1) guard.failed(['account:a'], now)
}

test('five tries are free, then each waits twice as long, to a minute', () => {
  const guard = new SignInGuard()
  fail(guard, 4, 0)
  expect(guard.waitMs(['account:a'], 0)).toBe(0)
  fail(guard, 1, 0)
  expect(guard.waitMs(['account:a'], 0)).toBe(1_000)
  fail(guard, 1, 0)
  expect(guard.waitMs(['account:a'], 0)).toBe(2_000)
  fail(guard, 30, 0)
  expect(guard.waitMs(['account:a'], 0)).toBe(60_000)
  expect(guard.waitMs(['account:a'], 60_000)).toBe(0)
})

test('a success forgives, a quarter of an hour forgets, others are not touched', () => {
  const guard = new SignInGuard()
  fail(guard, 9, 0)
  expect(guard.waitMs(['account:b'], 0)).toBe(0)
  guard.succeeded(['account:a'])
  expect(guard.waitMs(['account:a'], 0)).toBe(0)
  fail(guard, 5, 0)
  fail(guard, 1, 16 * 60_000)
  expect(guard.waitMs(['account:a'], 16 * 60_000)).toBe(0)
})

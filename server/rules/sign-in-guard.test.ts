import { expect, test } from 'vitest'

import { SignInGuard } from './sign-in-guard.ts'

const anna = { account: 'anna@example.com', address: '192.0.2.1' }

function fail(guard: SignInGuard, times: number, now: number, attempt = anna) {
  for (let count = 0; count < times; count += 1) guard.failed(attempt, now)
}

test('five tries are free, then each waits twice as long, to a minute', () => {
  const guard = new SignInGuard()
  fail(guard, 4, 0)
  expect(guard.waitMs(anna, 0)).toBe(0)
  fail(guard, 1, 0)
  expect(guard.waitMs(anna, 0)).toBe(1_000)
  fail(guard, 1, 0)
  expect(guard.waitMs(anna, 0)).toBe(2_000)
  fail(guard, 30, 0)
  expect(guard.waitMs(anna, 0)).toBe(60_000)
  expect(guard.waitMs(anna, 60_000)).toBe(0)
})

test('a success forgives, a quarter of an hour forgets, others are not touched', () => {
  const guard = new SignInGuard()
  fail(guard, 9, 0)
  expect(guard.waitMs({ ...anna, account: 'bert@example.com' }, 0)).toBe(0)
  guard.succeeded(anna)
  expect(guard.waitMs(anna, 0)).toBe(0)
  fail(guard, 5, 0)
  fail(guard, 1, 16 * 60_000)
  expect(guard.waitMs(anna, 16 * 60_000)).toBe(0)
})

test('guesses from many addresses at one account are slowed down all the same', () => {
  const guard = new SignInGuard()
  for (let count = 0; count < 5; count += 1) {
    guard.failed({ ...anna, address: `198.51.100.${count}` }, 0)
  }
  expect(guard.waitMs({ ...anna, address: '198.51.100.99' }, 0)).toBeGreaterThan(0)
})

test('strangers who guess at an account keep nobody out of it where they signed in before', () => {
  const guard = new SignInGuard()
  guard.failed(anna, 0)
  guard.succeeded(anna)
  fail(guard, 50, 0, { ...anna, address: '198.51.100.7' })
  expect(guard.waitMs(anna, 0)).toBe(0)
  expect(guard.waitMs({ ...anna, address: '198.51.100.8' }, 0)).toBeGreaterThan(0)
  fail(guard, 5, 0)
  expect(guard.waitMs(anna, 0)).toBeGreaterThan(0)
})

test('an account of one’s own does not pay for guesses at others', () => {
  const guard = new SignInGuard()
  const own = { account: 'mallory@example.com', address: anna.address }
  for (let count = 0; count < 20; count += 1) {
    guard.failed({ ...anna, account: `victim${count}@example.com` }, 0)
    if (count % 4 !== 3) continue
    guard.failed(own, 0)
    guard.succeeded(own)
  }
  expect(guard.waitMs({ ...anna, account: 'next@example.com' }, 0)).toBeGreaterThan(0)
})

test('an office that comes to work behind one address waits for nothing', () => {
  const guard = new SignInGuard()
  for (let count = 0; count < 200; count += 1) {
    const attempt = { ...anna, account: `colleague${count}@example.com` }
    expect(guard.waitMs(attempt, 0)).toBe(0)
    guard.failed(attempt, 0)
    guard.succeeded(attempt)
  }
})

test('what strangers send does not fill the memory, nor take longer the more there is', () => {
  const guard = new SignInGuard()
  for (let count = 0; count < 200_000; count += 1) {
    guard.failed({ account: `nobody${count}`, address: `address${count}` }, 0)
  }
  expect(guard.size).toBeLessThanOrEqual(20_001)
})

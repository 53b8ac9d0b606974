import { expect, test } from 'vitest'

import { places } from './place.ts'

const chat = (conversationId: string, departmentId: string, queuedAt: number, isFront = false) => ({
  conversationId,
  departmentId,
  priority: 'normal' as const,
  queuedAt,
  isFront,
})

test('each department counts its own queue from 1', () => {
  const queue = [chat('c3', 'sales', 3), chat('c1', 'sales', 1), chat('c2', 'support', 2)]
  expect(Object.fromEntries(places(queue))).toEqual({ c1: 1, c3: 2, c2: 1 })
})

test('who came back and who is urgent move up, all others one down', () => {
  const queue = [
    chat('c1', 'sales', 1),
    chat('c2', 'sales', 2, true),
    { ...chat('c3', 'sales', 3), priority: 'urgent' as const },
  ]
  expect(Object.fromEntries(places(queue))).toEqual({ c3: 1, c2: 2, c1: 3 })
})

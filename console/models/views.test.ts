import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { conversationStatuses, priorities } from '../../shared/protocol/conversation.ts'
import { dana, makeMine, makeRow } from '../../test/support/console-fixtures.ts'
import { inboxViews } from '../routes.ts'
import { isInView, toView, toWaitingSince } from './views.ts'

const offer = { id: 'offer-one', agentId: dana.id, deadlineAt: 0 }
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('a view', () => {
  test('holds what is mine and what is offered to me in Mine', () => {
    const rows = [
      makeMine({ id: 'mine' }),
      makeRow({ id: 'offered', status: 'offered', offer }),
      makeRow({ id: 'to another', status: 'offered', offer: { ...offer, agentId: 'agent-juris' } }),
      makeMine({ id: 'of another', assigneeId: 'agent-juris' }),
      makeMine({ id: 'closed', status: 'closed', closedAt: 1 }),
    ]
    expect(ids(toView(rows, 'mine', dana.id))).toEqual(['offered', 'mine'])
  })

  test('orders the queue by priority, then by arrival', () => {
    const rows = [
      makeRow({ id: 'second', queuedAt: 2 }),
      makeRow({ id: 'first', queuedAt: 1 }),
      makeRow({ id: 'urgent', queuedAt: 3, priority: 'urgent' }),
    ]
    expect(ids(toView(rows, 'queue', dana.id))).toEqual(['urgent', 'first', 'second'])
  })

  test('puts those who wait for my words before those who owe me theirs', () => {
    const rows = [
      makeMine({ id: 'answered', waitingSince: null, updatedAt: 9 }),
      makeMine({ id: 'waits', waitingSince: 5, updatedAt: 5 }),
      makeMine({ id: 'waits longer', waitingSince: 2, updatedAt: 2 }),
    ]
    expect(ids(toView(rows, 'mine', dana.id))).toEqual(['waits longer', 'waits', 'answered'])
  })

  test('shows the newest end first in Closed', () => {
    const closed = { status: 'closed' as const }
    const rows = [
      makeRow({ id: 'old', closedAt: 1, ...closed }),
      makeRow({ id: 'new', closedAt: 2, ...closed }),
    ]
    expect(ids(toView(rows, 'closed', dana.id))).toEqual(['new', 'old'])
  })
})

const row = fc
  .record({
    id: fc.stringMatching(/^[a-z]{8}$/),
    status: fc.constantFrom(...conversationStatuses),
    priority: fc.constantFrom(...priorities),
    queuedAt: fc.option(fc.nat(9)),
    waitingSince: fc.option(fc.nat(9)),
    closedAt: fc.option(fc.nat(9)),
    updatedAt: fc.nat(9),
    assigneeId: fc.option(fc.constantFrom(dana.id, 'agent-juris')),
  })
  .map((more) => makeRow(more))
const rows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 20 })

test('the same rows have the same order, however they came', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(...inboxViews), (list, view) => {
      const turned = [...list].reverse()
      expect(ids(toView(turned, view, dana.id))).toEqual(ids(toView(list, view, dana.id)))
    }),
  )
})

test('no conversation is on nobody’s screen: each stands in Queue, Team or Closed', () => {
  fc.assert(
    fc.property(row, (one) => {
      const places = (['queue', 'team', 'closed'] as const).filter((view) =>
        isInView(one, view, dana.id),
      )
      expect(places).toHaveLength(1)
    }),
  )
})

test('nobody waits in a closed conversation', () => {
  expect(toWaitingSince(makeRow({ status: 'closed', waitingSince: 5 }))).toBeNull()
  expect(toWaitingSince(makeRow({ queuedAt: 3, waitingSince: 1 }))).toBe(3)
})

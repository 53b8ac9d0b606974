import { expect, test } from 'vitest'

import { dana, fromVisitor, makeHistory, makeMine } from '../../test/support/console-fixtures.ts'
import { toStanding } from './standing.ts'

const agent = { id: dana.id, name: dana.name }
const created = { type: 'created', page: null } as const
const assigned = { type: 'assigned', agent, how: 'claimed', waitedMs: 0 } as const

test.for([
  { name: 'waits after its start', events: [created], status: 'queued', assigneeId: null },
  {
    name: 'is with whom it was given to, whatever is said after that',
    events: [created, assigned, fromVisitor('Hi')],
    status: 'assigned',
    assigneeId: dana.id,
  },
  {
    name: 'is closed at its end',
    events: [created, assigned, { type: 'closed', by: 'agent', agent } as const],
    status: 'closed',
    assigneeId: null,
  },
  {
    name: 'waits again when its agent is lost',
    events: [created, assigned, { type: 'unassigned', agent, reason: 'agent-lost' } as const],
    status: 'queued',
    assigneeId: null,
  },
])('without a row a conversation $name', ({ events, status, assigneeId }) => {
  expect(toStanding(undefined, makeHistory(events))).toEqual({ status, assigneeId })
})

test('the row is what the server decided last', () => {
  expect(toStanding(makeMine(), makeHistory([created]))?.status).toBe('assigned')
})

test('nothing is claimed of a conversation that nothing is known of', () => {
  expect(toStanding(undefined, [])).toBeUndefined()
})

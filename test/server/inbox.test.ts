import { nanoid } from 'nanoid'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Colleague, ConversationRow } from '../../shared/protocol/conversation.ts'
import type { ViewCounts } from '../../shared/protocol/events.ts'
import {
  accept,
  answer,
  isOfferOf,
  isState,
  openAgent,
  readEvents,
  say,
  startChat,
} from '../support/chat.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import type { Wire } from '../support/wire-client.ts'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({ GRACE_MS: '0' })
})
afterEach(() => app.dispose())

const countsOf = (wire: Wire) =>
  wire.frames.findLast(({ type }) => type === 'rows' || type === 'welcome')?.['counts'] as
    | ViewCounts
    | undefined

/** The row as this console has it. */
function rowOf(wire: Wire, conversationId: string) {
  const rows = wire.frames.flatMap((frame) =>
    frame.type === 'rows' || frame.type === 'welcome' ? (frame['rows'] as ConversationRow[]) : [],
  )
  return rows.findLast(({ id }) => id === conversationId)
}

test('counts and rows follow every change of hands', async () => {
  const site = await app.addSite()
  const { wire, person } = await openAgent(app)
  const colleague = await openAgent(app)
  await colleague.wire.ask('status.set', { status: 'busy' })
  const { conversationId, wire: visitor } = await startChat(app, site.key)
  await expect.poll(() => countsOf(wire)).toEqual({ mine: 1, queue: 1, team: 0 })
  await expect.poll(() => countsOf(colleague.wire)).toEqual({ mine: 0, queue: 1, team: 0 })
  await accept(wire, conversationId)
  await expect.poll(() => countsOf(wire)).toEqual({ mine: 1, queue: 0, team: 1 })
  await expect.poll(() => countsOf(colleague.wire)).toEqual({ mine: 0, queue: 0, team: 1 })
  expect(rowOf(colleague.wire, conversationId)).toMatchObject({ assigneeId: person.id })
  await expect
    .poll(
      () =>
        (
          colleague.wire.frames.findLast(({ type }) => type === 'colleagues')?.['colleagues'] as
            | Colleague[]
            | undefined
        )?.find(({ id }) => id === person.id)?.load,
    )
    .toBe(1)
  await visitor.ask('conversation.close', { conversationId })
  await expect.poll(() => countsOf(wire)).toEqual({ mine: 0, queue: 0, team: 0 })
  await expect.poll(() => rowOf(colleague.wire, conversationId)?.status).toBe('closed')
  await say(visitor, conversationId, 'Me again')
  await expect.poll(() => countsOf(wire)).toEqual({ mine: 1, queue: 1, team: 0 })
})

test('whose turn it is, what is unread and how far was read', async () => {
  const site = await app.addSite()
  const { wire } = await openAgent(app)
  const { conversationId, wire: visitor } = await startChat(app, site.key)
  await accept(wire, conversationId)
  await say(visitor, conversationId, 'Anyone?')
  await expect.poll(() => rowOf(wire, conversationId)?.unread).toBe(2)
  const since = rowOf(wire, conversationId)?.waitingSince
  expect(since).toBe(rowOf(wire, conversationId)?.startedAt)

  const events = await readEvents(wire, conversationId)
  await wire.ask('read.set', { conversationId, seq: 2 })
  await expect.poll(() => rowOf(wire, conversationId)?.unread).toBe(1)
  await wire.ask('read.set', { conversationId, seq: events.at(-1)?.seq })
  await expect.poll(() => rowOf(wire, conversationId)?.unread).toBe(0)
  await wire.ask('read.set', { conversationId, seq: 1 })
  expect(rowOf(wire, conversationId)?.waitingSince).toBe(since)

  await answer(wire, conversationId)
  await expect.poll(() => rowOf(wire, conversationId)?.waitingSince).toBeNull()
  expect(rowOf(wire, conversationId)).toMatchObject({ agentReadSeq: events.length + 1, unread: 0 })
})

test('who held a chat of another department sees and hears no more of it when they lose it', async () => {
  const site = await app.addSite()
  const admin = await app.addPerson('admin')
  const { wire, person } = await openAgent(app)
  const { conversationId, wire: visitor } = await startChat(app, site.key)
  await accept(wire, conversationId)
  // Taken out of the department, they keep what they hold.
  const made = await app.request('POST', '/api/departments', {
    person: admin,
    body: { name: 'Other' },
  })
  await app.request('PATCH', `/api/agents/${person.id}`, {
    person: admin,
    body: { departmentIds: [made.json['id']] },
  })
  await wire.closing()
  const again = await app.openAgent(person)
  expect(rowOf(again, conversationId)).toMatchObject({ assigneeId: person.id })
  expect(await answer(again, conversationId, 'Still here', 'sent-while-held')).toMatchObject({
    type: 'ok',
  })
  await readEvents(again, conversationId)

  await again.ask('conversation.close', { conversationId })
  await say(visitor, conversationId, 'One more thing')
  const gone = await again.next(({ type }) => type === 'rows.gone')
  expect(gone['ids']).toEqual([conversationId])
  await expect.poll(() => countsOf(again)).toEqual({ mine: 0, queue: 0, team: 0 })
  await say(visitor, conversationId, 'Not for them')
  await again.ask('ping')
  expect(JSON.stringify(again.frames)).not.toContain('Not for them')
  expect(await again.ask('conversation.resume', { conversationId, after: 0 })).toMatchObject({
    code: 'not-found',
  })
  // [D2] What was stored is answered the same for ever; nothing new gets in.
  expect(await answer(again, conversationId, 'Still here', 'sent-while-held')).toMatchObject({
    type: 'ok',
  })
  expect(await answer(again, conversationId, 'Let me in')).toMatchObject({ code: 'not-found' })
})

test('a visitor hears of an answer in a conversation that they have not opened', async () => {
  const site = await app.addSite()
  const { wire } = await openAgent(app)
  const { conversationId, token, wire: visitor } = await startChat(app, site.key)
  await accept(wire, conversationId)
  visitor.close()
  const later = await app.openVisitor(site.key, token)
  const other = nanoid()
  await say(later, other, 'Another matter')
  await wire.next(isOfferOf(other))
  await answer(wire, conversationId, 'Here is your answer')
  const frame = await later.next(isState(conversationId, ({ unread }) => unread === 1))
  expect(frame['conversation']).toMatchObject({
    lastMessage: { text: 'Here is your answer', isMine: false },
  })
})

test('Closed is read page by page, each row once, over several departments', async () => {
  const site = await app.addSite()
  const admin = await app.addPerson('admin')
  const made = await app.request('POST', '/api/departments', {
    person: admin,
    body: { name: 'Other' },
  })
  const { wire, person } = await openAgent(app)
  const { conversationId } = await startChat(app, site.key)
  await accept(wire, conversationId)
  await wire.ask('conversation.close', { conversationId })
  const row = await app.store.hotRead.findConversation(conversationId)
  if (!row) throw new Error('There is no conversation.')
  await app.store.transaction(async ({ db }) => {
    for (let index = 0; index < 119; index += 1) {
      const department_id = index % 2 === 0 ? String(made.json['id']) : row.department_id
      // Several at the same time: the id decides.
      const closed_at = (row.closed_at ?? 0) - Math.floor(index / 3)
      await db
        .insertInto('conversation')
        .values({ ...row, id: nanoid(), department_id, closed_at })
        .execute()
    }
  })
  await app.request('PATCH', `/api/agents/${person.id}`, {
    person: admin,
    body: { departmentIds: [made.json['id'], row.department_id] },
  })
  await wire.closing()
  for (const reader of [await app.openAgent(person), await app.openAgent(admin)]) {
    const rows: ConversationRow[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const frame = await reader.ask('conversation.list', {
        view: 'closed',
        ...(cursor === undefined ? {} : { cursor }),
      })
      const page = frame['result'] as { rows: ConversationRow[]; nextCursor: string | null }
      rows.push(...page.rows)
      cursor = page.nextCursor
    }
    expect(new Set(rows.map(({ id }) => id)).size).toBe(120)
    expect(rows).toHaveLength(120)
    const times = rows.map(({ closedAt }) => closedAt ?? 0)
    expect(times).toEqual(times.toSorted((one, next) => next - one))
  }
})

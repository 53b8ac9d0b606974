import { join } from 'node:path'

import Database from 'better-sqlite3'
import { nanoid } from 'nanoid'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { accept, answer, newToken, openAgent, readEvents, say, startChat } from '../support/chat.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

/*
 * What grows without end, conversations and events, is never read from one end to the other. Everything that the
 * server asks while people talk is collected where it reaches the database, and SQLite is asked how it would find it.
 */

interface Watched {
  prepare: typeof Database.prototype.prepare
  asked: Set<string>
  runs: number
}

/** Counts what runs on every connection of this process, and remembers the words. */
function watchDatabase(): Watched & { stop(): void } {
  const { prototype } = Database
  const { prepare } = prototype
  const watched: Watched = { prepare, asked: new Set(), runs: 0 }
  // No arrow function: `this` is the connection.
  prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql)
    for (const name of ['run', 'get', 'all'] as const) {
      const method = statement[name].bind(statement) as (...values: unknown[]) => unknown
      Object.defineProperty(statement, name, {
        value: (...values: unknown[]) => {
          watched.asked.add(sql)
          watched.runs += 1
          return method(...values)
        },
      })
    }
    return statement
  } as typeof prepare
  return Object.assign(watched, {
    stop() {
      prototype.prepare = prepare
    },
  })
}

let app: TestApp
let watched: ReturnType<typeof watchDatabase>
beforeEach(async () => {
  watched = watchDatabase()
  app = await startTestApp()
})
afterEach(async () => {
  await app.dispose()
  watched.stop()
})

/** A plan of SQLite, a line for each step. */
function explain(db: Database.Database, sql: string): string[] {
  const count = sql.match(/\?/g)?.length ?? 0
  const values: unknown[] = sql.includes('@')
    ? [new Proxy({}, { get: () => null, has: () => true })]
    : Array.from({ length: count }, () => null)
  const statement = watched.prepare.call(db, `explain query plan ${sql}`) as Database.Statement<
    unknown[],
    { detail: string }
  >
  return statement.all(...values).map(({ detail }) => detail)
}

/** Steps that read a growing table as a whole. To count the open ones their index alone is read. */
const isWholeReading = (step: string) =>
  /^SCAN (conversation|event)\b/.test(step) &&
  !/USING COVERING INDEX conversation_open\b/.test(step)

test('nothing that is asked while people talk reads all conversations or all events', async () => {
  const site = await app.addSite()
  const admin = await app.openAgent(await app.addPerson('admin'))
  await admin.ask('status.set', { status: 'away' })
  const { wire, person } = await openAgent(app)
  const token = newToken()
  const visitor = await app.openVisitor(site.key, token)
  const conversationId = nanoid()
  await say(visitor, conversationId)
  await accept(wire, conversationId)
  await readEvents(wire, conversationId)
  await readEvents(visitor, conversationId)
  await answer(wire, conversationId)
  await wire.ask('note.send', { conversationId, clientId: nanoid(), text: 'Between us' })
  await visitor.ask('read.set', { conversationId, seq: 3 })
  await wire.ask('read.set', { conversationId, seq: 3 })
  await visitor.ask('contact.set', { conversationId, name: 'Ada', email: 'ada@example.com' })
  await visitor.ask('page.set', { page: { url: 'https://shop.example.com/a', title: 'A' } })
  await visitor.ask('typing.set', { conversationId, isTyping: true })
  await wire.ask('conversation.details', { conversationId })
  await visitor.ask('conversation.list')
  await wire.ask('conversation.close', { conversationId })
  for (const reader of [wire, admin]) {
    for (const view of ['mine', 'queue', 'team', 'closed']) {
      await reader.ask('conversation.list', { view })
    }
    await reader.ask('conversation.list', {
      view: 'closed',
      cursor: `${Date.now()}_${conversationId}`,
    })
  }
  await wire.ask('conversation.reopen', { conversationId })
  await visitor.ask('conversation.close', { conversationId })
  await say(visitor, conversationId, 'Again')
  await wire.ask('conversation.claim', { conversationId })
  await startChat(app, site.key)
  await app.openVisitor(site.key, token)
  await app.openAgent(person)
  await app.request('GET', '/metrics')

  expect(watched.asked.size).toBeGreaterThan(60)
  const db = new Database(join(app.dataDir, 'parley.db'), { readonly: true })
  const whole = [...watched.asked]
    .filter((sql) => /^\s*(select|update|delete|with)/i.test(sql))
    .map((sql) => ({ sql, steps: explain(db, sql).filter(isWholeReading) }))
    .filter(({ steps }) => steps.length > 0)
  db.close()
  expect(whole).toEqual([])
})

test('the head of a long queue is read in its order, without sorting the rest', () => {
  const db = new Database(join(app.dataDir, 'parley.db'), { readonly: true })
  const steps = explain(
    db,
    `select * from conversation where closed_at is null and status = ? and department_id = ?
     order by priority desc, is_front desc, queued_at, id limit ?`,
  )
  db.close()
  expect(steps.join()).toContain('conversation_open')
  expect(steps.join()).not.toContain('TEMP B-TREE')
})

test('a message costs a few statements, however many watch', async () => {
  const site = await app.addSite()
  const watchers = []
  for (let index = 0; index < 4; index += 1) watchers.push(await openAgent(app))
  const chats = []
  for (const { wire } of watchers) {
    const chat = await startChat(app, site.key)
    chats.push({ chat, wire })
  }
  const { conversationId, wire: visitor } = await startChat(app, site.key)
  await readEvents(visitor, conversationId)
  const messages = 50
  // The first ones wake what looks up prices only once.
  await say(visitor, conversationId)
  watched.runs = 0
  await Promise.all(
    Array.from({ length: messages }, (_, index) => say(visitor, conversationId, `${index}`)),
  )
  expect(chats).toHaveLength(4)
  // Lock, repeat check, event, row, visitor; a savepoint around them; a share of the commit and of telling the lists.
  expect(watched.runs / messages).toBeLessThan(10)
})

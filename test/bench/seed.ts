import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { nanoid } from 'nanoid'

const perConversation = 20
const dayMs = 86_400_000

/** The database file of a data folder: the one that is there. */
export function findDatabase(dataDir: string) {
  const name = readdirSync(dataDir).find((file) => /\.(db|sqlite3?)$/.test(file))
  if (!name) throw new Error(`There is no database in ${dataDir}.`)
  return join(dataDir, name)
}

/**
 * Fills the store of a server that is not running with a past: closed conversations of 20 messages each, spread over
 * a year. Written straight into the tables that the server made, because a million messages over the wire take an hour.
 */
export function seedMessages(dataDir: string, messages: number) {
  const db = new Database(findDatabase(dataDir))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  const site = db.prepare('select id, department_id from site limit 1').get() as {
    id: string
    department_id: string
  }
  const agent = db.prepare('select id, name from agent limit 1').get() as {
    id: string
    name: string
  }
  const visitors = db.prepare(
    'insert into visitor (id, site_id, token_hash, hue, created_at) values (?, ?, ?, ?, ?)',
  )
  const conversations = db.prepare(
    `insert into conversation (id, site_id, visitor_id, department_id, status, priority, is_front,
       last_seq, visitor_last_seq, visitor_read_seq, agent_read_seq, visitor_unread, agent_unread,
       first_text, last_text, last_author, last_author_id, last_at, created_at, answered_at, closed_at, updated_at)
     values (@id, @site, @visitor, @department, 'closed', 0, 0, @last, @last, @last, @last, 0, 0,
       @text, @text, 'agent', @agent, @end, @start, @start, @end, @end)`,
  )
  const events = db.prepare(
    `insert into event (conversation_id, seq, visitor_prev, id, type, at, author_kind, author_id, author_name, client_id, text)
     values (?, ?, ?, ?, 'message', ?, ?, ?, ?, ?, ?)`,
  )
  const text = 'Where is my parcel? The order number is 48213, paid by card yesterday.'
  const now = Date.now()
  const count = Math.ceil(messages / perConversation)

  const writeSome = db.transaction((from: number, to: number) => {
    for (let at = from; at < to; at++) {
      const id = nanoid()
      const visitor = nanoid()
      const start = now - dayMs - Math.floor((1 - at / count) * 364 * dayMs)
      const end = start + perConversation * 10_000
      visitors.run(visitor, site.id, randomBytes(32).toString('hex'), at % 360, start)
      const row = { id, visitor, start, end, text, last: perConversation }
      conversations.run({ ...row, site: site.id, department: site.department_id, agent: agent.id })
      for (let seq = 1; seq <= perConversation; seq++) {
        const isVisitor = seq % 2 === 1
        const author = isVisitor ? ['visitor', visitor, null] : ['agent', agent.id, agent.name]
        events.run(id, seq, seq - 1, nanoid(), start + seq * 10_000, ...author, nanoid(), text)
      }
    }
  })
  for (let at = 0; at < count; at += 1_000) writeSome(at, Math.min(count, at + 1_000))
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

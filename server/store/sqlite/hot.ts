import type {
  ConversationTable,
  ConversationWithVisitor,
  EventTable,
  VisitorTable,
} from '../schema.ts'
import type { HotReads, HotWrites } from '../store.ts'
import type { Sqlite } from './connect.ts'
import { prepareRows } from './row-reader.ts'

const visitorByToken = 'select * from visitor where site_id = ? and token_hash = ?'

/** SQLite has one writer, so reading inside the write transaction holds the row already. */
export function hotWrites(db: Sqlite): HotWrites {
  const findConversation = prepareRows<[string], ConversationTable>(
    db,
    'select * from conversation where id = ?',
  )
  const findVisitor = prepareRows<[string, string], VisitorTable>(db, visitorByToken)
  const findEvent = prepareRows<[string, string, string], EventTable>(
    db,
    'select * from event where conversation_id = ? and author_id = ? and client_id = ?',
  )
  // By position: binding by name looks each of twelve names up.
  const insert = db.prepare(
    `insert into event (conversation_id, seq, visitor_prev, id, type, at, author_kind, author_id, author_name, client_id, text, body)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const touch = db.prepare(
    `update conversation set waiting_since = ?, last_seq = ?, visitor_last_seq = ?,
       visitor_read_seq = ?, agent_read_seq = ?, visitor_unread = ?, agent_unread = ?,
       first_text = ?, last_text = ?, last_author = ?, last_author_id = ?, last_at = ?, updated_at = ?
     where id = ?`,
  )

  return {
    async lockConversation(id) {
      return findConversation.get(id)
    },
    async findVisitorByTokenHash(siteId, tokenHash) {
      return findVisitor.get(siteId, tokenHash)
    },
    async findEventByClientId(conversationId, authorId, clientId) {
      return findEvent.get(conversationId, authorId, clientId)
    },
    async insertEvent(event) {
      insert.run(
        event.conversation_id,
        event.seq,
        event.visitor_prev,
        event.id,
        event.type,
        event.at,
        event.author_kind,
        event.author_id,
        event.author_name,
        event.client_id,
        event.text,
        event.body,
      )
    },
    async touchConversation(row) {
      touch.run(
        row.waiting_since,
        row.last_seq,
        row.visitor_last_seq,
        row.visitor_read_seq,
        row.agent_read_seq,
        row.visitor_unread,
        row.agent_unread,
        row.first_text,
        row.last_text,
        row.last_author,
        row.last_author_id,
        row.last_at,
        row.updated_at,
        row.id,
      )
    },
  }
}

/**
 * Reads of committed data. Between transactions the writer's own connection answers, whose pages are warm; the
 * reader's forgets all of its pages at every commit of the writer, and serves only while a transaction is open.
 */
export function hotReads(writer: Sqlite, reader: Sqlite): HotReads {
  const warm = readsOver(writer)
  const apart = readsOver(reader)
  const reads = () => (writer.inTransaction ? apart : warm)
  return {
    findVisitorByTokenHash: (...args) => reads().findVisitorByTokenHash(...args),
    findConversation: (...args) => reads().findConversation(...args),
    findConversationWithVisitor: (...args) => reads().findConversationWithVisitor(...args),
    listVisitorConversations: (...args) => reads().listVisitorConversations(...args),
    listEvents: (...args) => reads().listEvents(...args),
    listVisitorEvents: (...args) => reads().listVisitorEvents(...args),
  }
}

function readsOver(db: Sqlite): HotReads {
  const findVisitor = prepareRows<[string, string], VisitorTable>(db, visitorByToken)
  const findConversation = prepareRows<[string], ConversationTable>(
    db,
    'select * from conversation where id = ?',
  )
  const findWithVisitor = prepareRows<[string], ConversationWithVisitor>(
    db,
    `select conversation.*, visitor.name as visitor_name, visitor.hue as visitor_hue
     from conversation join visitor on visitor.id = conversation.visitor_id where conversation.id = ?`,
  )
  const listConversations = prepareRows<[string, number], ConversationTable>(
    db,
    'select * from conversation where visitor_id = ? order by created_at desc, id desc limit ?',
  )
  const events = prepareRows<[string, number, number], EventTable>(
    db,
    'select * from event where conversation_id = ? and seq > ? order by seq limit ?',
  )
  const visitorEvents = prepareRows<[string, number, number], EventTable>(
    db,
    'select * from event where conversation_id = ? and seq > ? and visitor_prev is not null order by seq limit ?',
  )

  return {
    async findVisitorByTokenHash(siteId, tokenHash) {
      return findVisitor.get(siteId, tokenHash)
    },
    async findConversation(id) {
      return findConversation.get(id)
    },
    async findConversationWithVisitor(id) {
      return findWithVisitor.get(id)
    },
    async listVisitorConversations(visitorId, limit) {
      return listConversations.all(visitorId, limit)
    },
    async listEvents(conversationId, after, limit) {
      return events.all(conversationId, after, limit)
    },
    async listVisitorEvents(conversationId, after, limit) {
      return visitorEvents.all(conversationId, after, limit)
    },
  }
}

import type {
  ConversationTable,
  ConversationWithVisitor,
  EventTable,
  VisitorTable,
} from '../schema.ts'
import type { HotReads, HotWrites } from '../store.ts'
import type { Sqlite } from './connect.ts'

const visitorByToken = 'select * from visitor where site_id = ? and token_hash = ?'

/** SQLite has one writer, so reading inside the write transaction holds the row already. */
export function hotWrites(db: Sqlite): HotWrites {
  const findConversation = db.prepare<[string], ConversationTable>(
    'select * from conversation where id = ?',
  )
  const findVisitor = db.prepare<[string, string], VisitorTable>(visitorByToken)
  const findEvent = db.prepare<[string, string, string], EventTable>(
    'select * from event where conversation_id = ? and author_id = ? and client_id = ?',
  )
  const insert = db.prepare<EventTable>(
    `insert into event (conversation_id, seq, visitor_prev, id, type, at, author_kind, author_id, author_name, client_id, text, body)
     values (@conversation_id, @seq, @visitor_prev, @id, @type, @at, @author_kind, @author_id, @author_name, @client_id, @text, @body)`,
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
      insert.run(event)
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

export function hotReads(db: Sqlite): HotReads {
  const findVisitor = db.prepare<[string, string], VisitorTable>(visitorByToken)
  const findConversation = db.prepare<[string], ConversationTable>(
    'select * from conversation where id = ?',
  )
  const findWithVisitor = db.prepare<[string], ConversationWithVisitor>(
    `select conversation.*, visitor.name as visitor_name, visitor.hue as visitor_hue
     from conversation join visitor on visitor.id = conversation.visitor_id where conversation.id = ?`,
  )
  const listConversations = db.prepare<[string, number], ConversationTable>(
    'select * from conversation where visitor_id = ? order by created_at desc, id desc limit ?',
  )
  const events = db.prepare<[string, number, number], EventTable>(
    'select * from event where conversation_id = ? and seq > ? order by seq limit ?',
  )
  const visitorEvents = db.prepare<[string, number, number], EventTable>(
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

import { sql } from 'kysely'

import type { Migration } from './migration.ts'

export const start: Migration = {
  name: '0001-start',
  async up({ db, dialect }) {
    const text = 'text'
    const number = 'bigint'
    // Clustered by conversation, an event is one write into a page that is warm anyway.
    const clustered = dialect === 'sqlite' ? sql`without rowid` : sql``

    await db.schema
      .createTable('agent')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('email', text, (c) => c.notNull())
      .addColumn('email_folded', text, (c) => c.notNull().unique())
      .addColumn('password_hash', text, (c) => c.notNull())
      .addColumn('role', text, (c) => c.notNull())
      .addColumn('capacity', number, (c) => c.notNull())
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('disabled_at', number)
      .addColumn('created_at', number, (c) => c.notNull())
      .addColumn('last_assigned_at', number, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('department')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('is_default', number, (c) => c.notNull())
      .addColumn('created_at', number, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('department_member')
      .addColumn('department_id', text, (c) => c.notNull().references('department.id'))
      .addColumn('agent_id', text, (c) => c.notNull().references('agent.id'))
      .addPrimaryKeyConstraint('department_member_key', ['department_id', 'agent_id'])
      .execute()
    await db.schema
      .createIndex('department_member_agent')
      .on('department_member')
      .column('agent_id')
      .execute()

    await db.schema
      .createTable('site')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('key', text, (c) => c.notNull().unique())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('department_id', text, (c) => c.notNull().references('department.id'))
      .addColumn('settings', text, (c) => c.notNull())
      .addColumn('created_at', number, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('site_origin')
      .addColumn('site_id', text, (c) => c.notNull().references('site.id'))
      .addColumn('origin', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('site_origin_key', ['site_id', 'origin'])
      .execute()

    await db.schema
      .createTable('site_sighting')
      .addColumn('site_id', text, (c) => c.notNull().references('site.id'))
      .addColumn('is_allowed', number, (c) => c.notNull())
      .addColumn('origin', text, (c) => c.notNull())
      .addColumn('at', number, (c) => c.notNull())
      .addPrimaryKeyConstraint('site_sighting_key', ['site_id', 'is_allowed'])
      .execute()

    await db.schema
      .createTable('visitor')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('site_id', text, (c) => c.notNull().references('site.id'))
      .addColumn('token_hash', text, (c) => c.notNull())
      .addColumn('token_revoked_at', number)
      .addColumn('name', text)
      .addColumn('email', text)
      .addColumn('hue', number, (c) => c.notNull())
      .addColumn('created_at', number, (c) => c.notNull())
      .addUniqueConstraint('visitor_token', ['site_id', 'token_hash'])
      .execute()

    await db.schema
      .createTable('conversation')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('site_id', text, (c) => c.notNull().references('site.id'))
      .addColumn('visitor_id', text, (c) => c.notNull().references('visitor.id'))
      .addColumn('department_id', text, (c) => c.notNull().references('department.id'))
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('priority', number, (c) => c.notNull())
      .addColumn('assignee_id', text)
      .addColumn('assigned_at', number)
      .addColumn('offer_id', text)
      .addColumn('offer_agent_id', text)
      .addColumn('offer_deadline_at', number)
      .addColumn('queued_at', number)
      .addColumn('is_front', number, (c) => c.notNull())
      .addColumn('waiting_since', number)
      .addColumn('last_seq', number, (c) => c.notNull())
      .addColumn('visitor_last_seq', number, (c) => c.notNull())
      .addColumn('visitor_read_seq', number, (c) => c.notNull())
      .addColumn('agent_read_seq', number, (c) => c.notNull())
      .addColumn('visitor_unread', number, (c) => c.notNull())
      .addColumn('agent_unread', number, (c) => c.notNull())
      .addColumn('first_text', text)
      .addColumn('last_text', text)
      .addColumn('last_author', text)
      .addColumn('last_author_id', text)
      .addColumn('last_at', number)
      .addColumn('start_url', text)
      .addColumn('start_title', text)
      .addColumn('page_url', text)
      .addColumn('page_title', text)
      .addColumn('referrer', text)
      .addColumn('language', text)
      .addColumn('time_zone', text)
      .addColumn('browser', text)
      .addColumn('created_at', number, (c) => c.notNull())
      .addColumn('answered_at', number)
      .addColumn('closed_at', number)
      .addColumn('updated_at', number, (c) => c.notNull())
      .execute()
    // Partial: lists and routing look at open conversations, of which there are few, among all that ever were.
    // In the order of the queue, so that its head is read without sorting the rest; the last columns are for counting.
    await sql`create index conversation_open on conversation
      (status, department_id, priority desc, is_front desc, queued_at, id, assignee_id, offer_agent_id, closed_at)
      where closed_at is null`.execute(db)
    await sql`create index conversation_assignee on conversation (assignee_id) where closed_at is null`.execute(
      db,
    )
    await sql`create index conversation_closed on conversation (closed_at, id) where closed_at is not null`.execute(
      db,
    )
    await sql`create index conversation_closed_in on conversation (department_id, closed_at, id) where closed_at is not null`.execute(
      db,
    )
    await sql`create index conversation_answered on conversation (site_id, answered_at) where answered_at is not null`.execute(
      db,
    )
    await sql`create index conversation_visitor on conversation (visitor_id, created_at)`.execute(
      db,
    )

    await db.schema
      .createTable('event')
      .addColumn('conversation_id', text, (c) => c.notNull().references('conversation.id'))
      .addColumn('seq', number, (c) => c.notNull())
      .addColumn('visitor_prev', number)
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('type', text, (c) => c.notNull())
      .addColumn('at', number, (c) => c.notNull())
      .addColumn('author_kind', text)
      .addColumn('author_id', text)
      .addColumn('author_name', text)
      .addColumn('client_id', text)
      .addColumn('text', text)
      .addColumn('body', text)
      .addPrimaryKeyConstraint('event_key', ['conversation_id', 'seq'])
      .modifyEnd(clustered)
      .execute()
    // Turns a repeat into the same answer, whatever races.
    await sql`create unique index event_client on event (conversation_id, author_id, client_id) where client_id is not null`.execute(
      db,
    )

    await db.schema
      .createTable('routing_decision')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('conversation_id', text, (c) => c.notNull().references('conversation.id'))
      .addColumn('at', number, (c) => c.notNull())
      .addColumn('agent_id', text)
      .addColumn('considered', text, (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('routing_decision_conversation')
      .on('routing_decision')
      .columns(['conversation_id', 'at'])
      .execute()

    await db.schema
      .createTable('offer_refusal')
      .addColumn('conversation_id', text, (c) => c.notNull().references('conversation.id'))
      .addColumn('agent_id', text, (c) => c.notNull())
      .addColumn('until', number, (c) => c.notNull())
      .addPrimaryKeyConstraint('offer_refusal_key', ['conversation_id', 'agent_id'])
      .execute()

    await db.schema
      .createTable('session')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('token_hash', text, (c) => c.notNull().unique())
      .addColumn('agent_id', text, (c) => c.notNull().references('agent.id'))
      .addColumn('created_at', number, (c) => c.notNull())
      .addColumn('seen_at', number, (c) => c.notNull())
      .addColumn('expires_at', number, (c) => c.notNull())
      .addColumn('browser', text)
      .execute()
    await db.schema.createIndex('session_agent').on('session').column('agent_id').execute()

    await db.schema
      .createTable('ticket')
      .addColumn('hash', text, (c) => c.primaryKey())
      .addColumn('session_id', text, (c) => c.notNull())
      .addColumn('expires_at', number, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('link')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('token_hash', text, (c) => c.notNull().unique())
      .addColumn('email', text)
      .addColumn('role', text, (c) => c.notNull())
      .addColumn('department_ids', text, (c) => c.notNull())
      .addColumn('created_at', number, (c) => c.notNull())
      .addColumn('expires_at', number, (c) => c.notNull())
      .addColumn('used_at', number)
      .execute()

    await db.schema
      .createTable('presence')
      .addColumn('agent_id', text, (c) => c.notNull().references('agent.id'))
      .addColumn('node_id', text, (c) => c.notNull())
      .addColumn('expires_at', number, (c) => c.notNull())
      .addColumn('lost_at', number)
      .addPrimaryKeyConstraint('presence_key', ['agent_id', 'node_id'])
      .execute()
  },
}

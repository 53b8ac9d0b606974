import { sql } from 'kysely'

import type { ConversationTable, ConversationWithVisitor } from './schema.ts'
import type { Db } from './store.ts'

const withVisitor = (db: Db) =>
  db
    .selectFrom('conversation')
    .innerJoin('visitor', 'visitor.id', 'conversation.visitor_id')
    .selectAll('conversation')
    .select(['visitor.name as visitor_name', 'visitor.hue as visitor_hue'])

/** Held by the agent or offered to them, the latest first. Two questions, so that each finds its index. */
export async function listMine(db: Db, agentId: string): Promise<ConversationWithVisitor[]> {
  const open = withVisitor(db)
    .where('conversation.closed_at', 'is', null)
    .orderBy('conversation.updated_at', 'desc')
    .limit(200)
  const held = await open.where('conversation.assignee_id', '=', agentId).execute()
  const offered = await open
    .where('conversation.status', '=', 'offered')
    .where('conversation.offer_agent_id', '=', agentId)
    .execute()
  return [...held, ...offered].sort((one, other) => other.updated_at - one.updated_at)
}

/** Departments: null means all of them. */
export type Scope = readonly string[] | null

interface Page {
  scope: Scope
  offset?: number
  limit: number
}

export function listQueue(db: Db, { scope, offset = 0, limit }: Page) {
  return withVisitor(db)
    .where('conversation.closed_at', 'is', null)
    .where('conversation.status', 'in', ['queued', 'offered'])
    .$if(scope !== null, (query) =>
      query.where('conversation.department_id', 'in', [...(scope ?? []), '']),
    )
    .orderBy('conversation.priority', 'desc')
    .orderBy('conversation.is_front', 'desc')
    .orderBy('conversation.queued_at')
    .orderBy('conversation.id')
    .offset(offset)
    .limit(limit)
    .execute()
}

/** Held by anybody. */
export function listTeam(db: Db, { scope, offset = 0, limit }: Page) {
  return withVisitor(db)
    .where('conversation.closed_at', 'is', null)
    .where('conversation.status', '=', 'assigned')
    .$if(scope !== null, (query) =>
      query.where('conversation.department_id', 'in', [...(scope ?? []), '']),
    )
    .orderBy('conversation.created_at', 'desc')
    .orderBy('conversation.id')
    .offset(offset)
    .limit(limit)
    .execute()
}

interface ClosedPage {
  limit: number
  /** Closing time and id of the last row of the page before. */
  before?: { closedAt: number; id: string } | undefined
}

/** Newest first. Each department is read off an index of its own: among all that ever were, a page costs a page. */
export async function listClosed(db: Db, { scope, ...page }: ClosedPage & { scope: Scope }) {
  if (scope === null) return listClosedIn(db, undefined, page)
  const lists = []
  for (const departmentId of scope) lists.push(...(await listClosedIn(db, departmentId, page)))
  return lists
    .sort(
      (one, other) =>
        (other.closed_at ?? 0) - (one.closed_at ?? 0) ||
        (one.id < other.id ? 1 : one.id > other.id ? -1 : 0),
    )
    .slice(0, page.limit)
}

function listClosedIn(db: Db, departmentId: string | undefined, { limit, before }: ClosedPage) {
  return withVisitor(db)
    .where('conversation.closed_at', 'is not', null)
    .$if(departmentId !== undefined, (query) =>
      query.where('conversation.department_id', '=', departmentId ?? ''),
    )
    .$if(before !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('conversation.closed_at', 'conversation.id'),
          '<',
          tuple(before?.closedAt ?? 0, before?.id ?? ''),
        ),
      ),
    )
    .orderBy('conversation.closed_at', 'desc')
    .orderBy('conversation.id', 'desc')
    .limit(limit)
    .execute()
}

/** How many open ones there are per department, status and assignee: enough for every count shown. */
export function countOpen(db: Db) {
  return db
    .selectFrom('conversation')
    .select(['department_id', 'status', 'assignee_id', 'offer_agent_id'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('closed_at', 'is', null)
    .groupBy(['department_id', 'status', 'assignee_id', 'offer_agent_id'])
    .execute()
}

/** The first of a department that wait, in the order of the queue. */
export function listQueued(
  db: Db,
  { departmentId, limit }: { departmentId: string; limit: number },
) {
  return inQueueOrder(db, departmentId, 'queued').selectAll().limit(limit).execute()
}

/** What the places of a department are made of: who waits, and who is offered and waits still. */
export function listPlaces(
  db: Db,
  {
    departmentId,
    status,
    limit,
  }: { departmentId: string; status: 'queued' | 'offered'; limit: number },
) {
  return inQueueOrder(db, departmentId, status)
    .select(['id', 'visitor_id', 'department_id', 'priority', 'is_front', 'queued_at'])
    .select('created_at')
    .limit(limit)
    .execute()
}

/** One state of one department: read off an index in this order, so that a long queue costs no more than its head. */
const inQueueOrder = (db: Db, departmentId: string, status: 'queued' | 'offered') =>
  db
    .selectFrom('conversation')
    .where('closed_at', 'is', null)
    .where('status', '=', status)
    .where('department_id', '=', departmentId)
    .orderBy('priority', 'desc')
    .orderBy('is_front', 'desc')
    .orderBy('queued_at')
    .orderBy('id')

/** All that ring; never more than all agents together may hold. */
export function listOffered(db: Db) {
  return db
    .selectFrom('conversation')
    .selectAll()
    .where('closed_at', 'is', null)
    .where('status', '=', 'offered')
    .execute()
}

/** Open conversations of a visitor. */
export async function listOpenIdsOfVisitor(db: Db, visitorId: string) {
  const rows = await db
    .selectFrom('conversation')
    .select('id')
    .where('visitor_id', '=', visitorId)
    .where('closed_at', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** Open conversations that an agent holds. */
export async function listHeldIds(db: Db, agentId: string) {
  const rows = await db
    .selectFrom('conversation')
    .select('id')
    .where('closed_at', 'is', null)
    .where('assignee_id', '=', agentId)
    .execute()
  return rows.map(({ id }) => id)
}

export async function countHeldBy(db: Db, agentId: string) {
  const { count } = await db
    .selectFrom('conversation')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('closed_at', 'is', null)
    .where('assignee_id', '=', agentId)
    .executeTakeFirstOrThrow()
  return count
}

export async function countOpenOfVisitor(db: Db, visitorId: string) {
  const { count } = await db
    .selectFrom('conversation')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('visitor_id', '=', visitorId)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/** Messages of the other side after a seq. */
export async function countMessagesAfter(
  db: Db,
  conversationId: string,
  kind: 'visitor' | 'agent',
  seq: number,
) {
  const { count } = await db
    .selectFrom('event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('conversation_id', '=', conversationId)
    .where('seq', '>', seq)
    .where('type', '=', 'message')
    .where('author_kind', '=', kind)
    .executeTakeFirstOrThrow()
  return count
}

/** Waits of the last conversations of a site that were answered, ms, for the median that visitors see. */
export async function listRecentAnswerWaits(db: Db, siteId: string, since: number, limit: number) {
  const rows = await db
    .selectFrom('conversation')
    .select(['created_at', 'answered_at'])
    .where('site_id', '=', siteId)
    .where('answered_at', '>', since)
    .orderBy('answered_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => (row.answered_at ?? 0) - row.created_at)
}

/** Earlier conversations of the same visitor, newest first. */
export function listEarlier(db: Db, visitorId: string, exceptId: string, limit: number) {
  return db
    .selectFrom('conversation')
    .select([
      'id',
      'created_at',
      'closed_at',
      'first_text',
      'department_id',
      'assignee_id',
      'offer_agent_id',
    ])
    .where('visitor_id', '=', visitorId)
    .where('id', '!=', exceptId)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
}

/** Writes the whole row but its identity. */
export async function updateConversation(db: Db, { id, ...row }: ConversationTable) {
  await db.updateTable('conversation').set(row).where('id', '=', id).execute()
}

export async function insertConversation(db: Db, row: ConversationTable) {
  await db.insertInto('conversation').values(row).execute()
}

export async function countAll(db: Db) {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*) as count from conversation where closed_at is null group by status`.execute(
    db,
  )
  return rows
}

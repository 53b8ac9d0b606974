import type { StartFacts } from '../../shared/protocol/commands.ts'
import type { Context, VisitorCaller } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { countOpenOfVisitor, insertConversation } from '../store/conversations.ts'
import type { ConversationTable, VisitorTable } from '../store/schema.ts'
import type { Db, Tx } from '../store/store.ts'
import { ConversationDraft } from './conversation-draft.ts'

/** So that a broken or hostile page can't fill the queue. */
const maxOpenPerVisitor = 5

/** The visitor of this token; created by their first message, and by nothing before it. */
export async function findOrCreateVisitor(
  { db, hot }: Tx,
  { now, newId }: Pick<Context, 'now' | 'newId'>,
  { siteId, tokenHash }: VisitorCaller,
  start: StartFacts | undefined,
): Promise<VisitorTable> {
  const known = await hot.findVisitorByTokenHash(siteId, tokenHash)
  if (known?.token_revoked_at) {
    throw new AppError('token-revoked', 'This visitor was signed out.')
  }
  if (known) return known
  if (!start) throw notFound()
  const visitor: VisitorTable = {
    id: newId(),
    site_id: siteId,
    token_hash: tokenHash,
    token_revoked_at: null,
    name: start.name || null,
    email: start.email ?? null,
    hue: hueOf(tokenHash),
    created_at: now(),
  }
  await db.insertInto('visitor').values(visitor).execute()
  return visitor
}

/** A steady colour of their own. */
function hueOf(tokenHash: string) {
  let sum = 0
  for (const char of tokenHash) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 360
  return sum
}

/** Before a visitor opens one more, be it a new one or one that was closed. */
export async function assertFewOpen(db: Db, visitorId: string) {
  if ((await countOpenOfVisitor(db, visitorId)) >= maxOpenPerVisitor) {
    throw new AppError('too-many-open', 'There are too many open conversations already.')
  }
}

/** Creates an empty conversation that waits for its first message. */
export async function createConversation(
  { db }: Tx,
  context: Pick<Context, 'now' | 'newId'>,
  { siteId, browser }: VisitorCaller,
  visitor: VisitorTable,
  { conversationId, start = {} }: { conversationId: string; start?: StartFacts | undefined },
): Promise<ConversationDraft> {
  await assertFewOpen(db, visitor.id)
  const site = await db
    .selectFrom('site')
    .select('department_id')
    .where('id', '=', siteId)
    .executeTakeFirstOrThrow()
  const at = context.now()
  const page = start.page ?? null
  const row: ConversationTable = {
    id: conversationId,
    site_id: siteId,
    visitor_id: visitor.id,
    department_id: site.department_id,
    status: 'bot',
    priority: 0,
    assignee_id: null,
    assigned_at: null,
    offer_id: null,
    offer_agent_id: null,
    offer_deadline_at: null,
    queued_at: null,
    is_front: 0,
    waiting_since: null,
    last_seq: 0,
    visitor_last_seq: 0,
    visitor_read_seq: 0,
    agent_read_seq: 0,
    visitor_unread: 0,
    agent_unread: 0,
    first_text: null,
    last_text: null,
    last_author: null,
    last_author_id: null,
    last_at: null,
    start_url: page?.url ?? null,
    start_title: page?.title ?? null,
    page_url: page?.url ?? null,
    page_title: page?.title ?? null,
    referrer: start.referrer ?? null,
    language: start.language ?? null,
    time_zone: start.timeZone ?? null,
    browser,
    created_at: at,
    answered_at: null,
    closed_at: null,
    updated_at: at,
  }
  await insertConversation(db, row)
  // One moment for all of it: what the first message begins began with it.
  const draft = new ConversationDraft(row, { now: () => at, newId: context.newId })
  draft.add('created', { page })
  return draft
}

import type { ConversationDetails } from '../../shared/protocol/conversation.ts'
import { limits } from '../../shared/protocol/limits.ts'
import type { AgentCaller, Context } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { listClosed, listEarlier, listMine, listQueue, listTeam } from '../store/conversations.ts'
import type { ConversationWithVisitor } from '../store/schema.ts'
import { agentMaySee, scopeOf } from './may-see.ts'

export type View = 'mine' | 'queue' | 'team' | 'closed'

interface Page {
  rows: ConversationWithVisitor[]
  nextCursor: string | null
}

/** One page of a view of the inbox. The cursor is opaque to clients. */
export async function listView(
  { store }: Context,
  caller: AgentCaller,
  { view, cursor }: { view: View; cursor?: string | undefined },
): Promise<Page> {
  const limit = limits.listPage
  const scope = scopeOf(caller)
  if (view === 'mine') return { rows: await listMine(store.read, caller.agentId), nextCursor: null }

  if (view === 'closed') {
    const before = cursor === undefined ? undefined : parseClosedCursor(cursor)
    const rows = await listClosed(store.read, { scope, limit, before })
    const last = rows.at(-1)
    return {
      rows,
      nextCursor: last && rows.length === limit ? `${last.closed_at}_${last.id}` : null,
    }
  }
  const offset = cursor === undefined ? 0 : parseOffset(cursor)
  const list = view === 'queue' ? listQueue : listTeam
  const rows = await list(store.read, { scope, limit, offset })
  return { rows, nextCursor: rows.length === limit ? String(offset + limit) : null }
}

function parseClosedCursor(cursor: string) {
  const match = /^(\d{1,16})_([A-Za-z0-9_-]{8,64})$/.exec(cursor)
  if (!match?.[1] || !match[2]) throw new AppError('bad-request', 'The cursor is not one of ours.')
  return { closedAt: Number(match[1]), id: match[2] }
}

function parseOffset(cursor: string) {
  if (!/^\d{1,7}$/.test(cursor)) throw new AppError('bad-request', 'The cursor is not one of ours.')
  return Number(cursor)
}

/** What the details pane shows of a conversation and its visitor. */
export async function getDetails(
  { store }: Context,
  caller: AgentCaller,
  conversationId: string,
): Promise<ConversationDetails> {
  const row = await store.hotRead.findConversationWithVisitor(conversationId)
  if (!row || !agentMaySee(caller, row)) throw notFound()
  const visitor = await store.read
    .selectFrom('visitor')
    .select(['id', 'name', 'email', 'hue', 'created_at'])
    .where('id', '=', row.visitor_id)
    .executeTakeFirstOrThrow()
  const names = await store.read
    .selectFrom('site')
    .innerJoin('department', (join) => join.on('department.id', '=', row.department_id))
    .select(['site.name as site_name', 'department.name as department_name'])
    .where('site.id', '=', row.site_id)
    .executeTakeFirstOrThrow()
  const earlier = await listEarlier(store.read, row.visitor_id, row.id, 20)
  return {
    conversationId,
    visitor: {
      id: visitor.id,
      name: visitor.name,
      email: visitor.email,
      hue: visitor.hue,
      firstSeenAt: visitor.created_at,
    },
    page: row.page_url === null ? null : { url: row.page_url, title: row.page_title ?? '' },
    startPage: row.start_url === null ? null : { url: row.start_url, title: row.start_title ?? '' },
    referrer: row.referrer,
    language: row.language,
    timeZone: row.time_zone,
    browser: row.browser,
    siteName: names.site_name,
    departmentName: names.department_name,
    earlier: earlier
      .filter((other) => agentMaySee(caller, other))
      .map((other) => ({
        id: other.id,
        startedAt: other.created_at,
        closedAt: other.closed_at,
        firstWords: (other.first_text ?? '').slice(0, 140).toWellFormed(),
      })),
  }
}

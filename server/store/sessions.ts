import type { LinkTable, SessionTable } from './schema.ts'
import type { Db } from './store.ts'

/** A session that is still good, with its agent. */
export function findSessionByTokenHash(db: Db, tokenHash: string, now: number) {
  return db
    .selectFrom('session')
    .innerJoin('agent', 'agent.id', 'session.agent_id')
    .selectAll('agent')
    .select([
      'session.id as session_id',
      'session.seen_at',
      'session.created_at as session_created_at',
    ])
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', now)
    .where('agent.disabled_at', 'is', null)
    .executeTakeFirst()
}

export async function insertSession(db: Db, session: SessionTable) {
  await db.insertInto('session').values(session).execute()
}

export function listSessionsOf(db: Db, agentId: string, now: number) {
  return db
    .selectFrom('session')
    .selectAll()
    .where('agent_id', '=', agentId)
    .where('expires_at', '>', now)
    .orderBy('seen_at', 'desc')
    .execute()
}

/** Of these, the ones that are still good: what live sockets are checked against. */
export async function listGoodSessionIds(db: Db, ids: readonly string[], now: number) {
  if (ids.length === 0) return new Set<string>()
  const rows = await db
    .selectFrom('session')
    .innerJoin('agent', 'agent.id', 'session.agent_id')
    .select('session.id')
    .where('session.id', 'in', ids)
    .where('session.expires_at', '>', now)
    .where('agent.disabled_at', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** Of these visitors, those whose token was revoked. */
export async function listRevokedVisitorIds(db: Db, ids: Iterable<string>) {
  const revoked: string[] = []
  const all = [...ids]
  for (let start = 0; start < all.length; start += 1_000) {
    const rows = await db
      .selectFrom('visitor')
      .select('id')
      .where('id', 'in', all.slice(start, start + 1_000))
      .where('token_revoked_at', 'is not', null)
      .execute()
    revoked.push(...rows.map((row) => row.id))
  }
  return revoked
}

/** Ends sessions and gives their ids, so that live sockets can follow. */
export async function deleteSessionsOf(db: Db, agentId: string, exceptId?: string) {
  const rows = await db
    .deleteFrom('session')
    .where('agent_id', '=', agentId)
    .$if(exceptId !== undefined, (query) => query.where('id', '!=', exceptId ?? ''))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

export async function deleteSession(db: Db, agentId: string, id: string) {
  const rows = await db
    .deleteFrom('session')
    .where('agent_id', '=', agentId)
    .where('id', '=', id)
    .returning('id')
    .execute()
  return rows.length > 0
}

export async function touchSession(db: Db, id: string, seenAt: number, expiresAt: number) {
  await db
    .updateTable('session')
    .set({ seen_at: seenAt, expires_at: expiresAt })
    .where('id', '=', id)
    .execute()
}

export async function insertTicket(db: Db, hash: string, sessionId: string, expiresAt: number) {
  await db
    .insertInto('ticket')
    .values({ hash, session_id: sessionId, expires_at: expiresAt })
    .execute()
}

/** Uses a ticket up. Deleting is taking: two who come with the same one can't both have it. */
export async function takeTicket(db: Db, hash: string, now: number) {
  const row = await db
    .deleteFrom('ticket')
    .where('hash', '=', hash)
    .returning(['session_id', 'expires_at'])
    .executeTakeFirst()
  return row && row.expires_at > now ? row.session_id : undefined
}

export function findSessionById(db: Db, id: string, now: number) {
  return db
    .selectFrom('session')
    .innerJoin('agent', 'agent.id', 'session.agent_id')
    .selectAll('agent')
    .select('session.id as session_id')
    .where('session.id', '=', id)
    .where('session.expires_at', '>', now)
    .where('agent.disabled_at', 'is', null)
    .executeTakeFirst()
}

/** Gives the ids of the sessions that ended so, for the sockets that still live on them. */
export async function dropExpired(db: Db, now: number) {
  await db.deleteFrom('ticket').where('expires_at', '<=', now).execute()
  const rows = await db
    .deleteFrom('session')
    .where('expires_at', '<=', now)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/* ---- one-time links ---- */

export async function insertLink(db: Db, link: LinkTable) {
  await db.insertInto('link').values(link).execute()
}

export function findLink(db: Db, kind: LinkTable['kind'], tokenHash: string) {
  return db
    .selectFrom('link')
    .selectAll()
    .where('kind', '=', kind)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
}

/** Uses a link up; false when somebody was faster or it is too late. */
export async function useLink(db: Db, id: string, now: number) {
  const { numUpdatedRows } = await db
    .updateTable('link')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export function listOpenInvitations(db: Db, now: number) {
  return db
    .selectFrom('link')
    .selectAll()
    .where('kind', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .execute()
}

export async function deleteLink(db: Db, kind: LinkTable['kind'], id: string) {
  const rows = await db
    .deleteFrom('link')
    .where('kind', '=', kind)
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .returning('id')
    .execute()
  return rows.length > 0
}

export async function deleteLinks(db: Db, kind: LinkTable['kind']) {
  await db.deleteFrom('link').where('kind', '=', kind).execute()
}

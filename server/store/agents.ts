import type { AgentTable } from './schema.ts'
import type { Db } from './store.ts'

/** One spelling per address: what differs in case only is the same mailbox to people. */
export const foldEmail = (email: string) => email.trim().normalize('NFKC').toLowerCase()

export function findAgent(db: Db, id: string) {
  return db.selectFrom('agent').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findAgentByEmail(db: Db, email: string) {
  return db
    .selectFrom('agent')
    .selectAll()
    .where('email_folded', '=', foldEmail(email))
    .executeTakeFirst()
}

export function listAgents(db: Db) {
  return db.selectFrom('agent').selectAll().orderBy('created_at').orderBy('id').execute()
}

export async function insertAgent(db: Db, agent: AgentTable) {
  await db.insertInto('agent').values(agent).execute()
}

export async function updateAgentRow(db: Db, id: string, patch: Partial<Omit<AgentTable, 'id'>>) {
  await db.updateTable('agent').set(patch).where('id', '=', id).execute()
}

export async function countAdmins(db: Db) {
  const { count } = await db
    .selectFrom('agent')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/* ---- presence ---- */

/** Agents with a live socket on some node. */
export async function listPresentAgentIds(db: Db, now: number) {
  const rows = await db
    .selectFrom('presence')
    .select('agent_id')
    .distinct()
    .where('lost_at', 'is', null)
    .where('expires_at', '>', now)
    .execute()
  return new Set(rows.map((row) => row.agent_id))
}

/** Since when each agent is gone; those who are there, or never were, are missing. */
export async function listLostSince(db: Db, now: number) {
  const rows = await db.selectFrom('presence').selectAll().execute()
  const lost = new Map<string, number>()
  const present = new Set<string>()
  for (const row of rows) {
    if (row.lost_at === null && row.expires_at > now) present.add(row.agent_id)
    const since = row.lost_at ?? row.expires_at
    lost.set(row.agent_id, Math.max(lost.get(row.agent_id) ?? 0, since))
  }
  for (const agentId of present) lost.delete(agentId)
  return lost
}

export async function putPresence(db: Db, agentId: string, nodeId: string, expiresAt: number) {
  await db
    .insertInto('presence')
    .values({ agent_id: agentId, node_id: nodeId, expires_at: expiresAt, lost_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['agent_id', 'node_id'])
        .doUpdateSet({ expires_at: expiresAt, lost_at: null }),
    )
    .execute()
}

export async function endPresence(db: Db, agentId: string, nodeId: string, now: number) {
  await db
    .updateTable('presence')
    .set({ lost_at: now })
    .where('agent_id', '=', agentId)
    .where('node_id', '=', nodeId)
    .execute()
}

export async function renewPresence(db: Db, nodeId: string, expiresAt: number) {
  await db
    .updateTable('presence')
    .set({ expires_at: expiresAt })
    .where('node_id', '=', nodeId)
    .where('lost_at', 'is', null)
    .execute()
}

/** A process that starts alone knows that no other holds sockets: whoever was there is lost since now. */
export async function endPresenceOfOthers(db: Db, nodeId: string, now: number) {
  await db
    .updateTable('presence')
    .set({ lost_at: now })
    .where('node_id', '!=', nodeId)
    .where('lost_at', 'is', null)
    .execute()
}

/** Rows of nodes that are long gone. */
export async function dropOldPresence(db: Db, before: number) {
  await db.deleteFrom('presence').where('expires_at', '<', before).execute()
}

/* ---- departments ---- */

export function listDepartments(db: Db) {
  return db.selectFrom('department').selectAll().orderBy('created_at').orderBy('id').execute()
}

export function listMembers(db: Db) {
  return db.selectFrom('department_member').selectAll().execute()
}

export async function listDepartmentIdsOf(db: Db, agentId: string) {
  const rows = await db
    .selectFrom('department_member')
    .select('department_id')
    .where('agent_id', '=', agentId)
    .execute()
  return rows.map((row) => row.department_id)
}

/** Makes exactly these the departments of the agent. */
export async function setDepartmentsOf(db: Db, agentId: string, departmentIds: readonly string[]) {
  await db.deleteFrom('department_member').where('agent_id', '=', agentId).execute()
  if (departmentIds.length === 0) return
  await db
    .insertInto('department_member')
    .values(departmentIds.map((id) => ({ department_id: id, agent_id: agentId })))
    .execute()
}

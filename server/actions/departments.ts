import type { AgentCaller, Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { listAgents, listMembers } from '../store/agents.ts'
import { assertAdmin } from './may-see.ts'

export async function createDepartment(
  { store, newId, now, bus }: Context,
  caller: AgentCaller,
  { name }: { name: string },
) {
  assertAdmin(caller)
  const id = newId()
  await store.transaction(async ({ db }) => {
    await db
      .insertInto('department')
      .values({ id, name, is_default: 0, created_at: now() })
      .execute()
  })
  bus.publish({ type: 'colleagues' })
  return id
}

/** Renames a department, or says who is in it. Who was taken out loses what they saw through it at once. */
export async function updateDepartment(
  { store, bus }: Context,
  caller: AgentCaller,
  departmentId: string,
  change: { name?: string | undefined; agentIds?: readonly string[] | undefined },
) {
  assertAdmin(caller)
  const moved = await store.transaction(async ({ db }) => {
    const department = await db
      .selectFrom('department')
      .select('name')
      .where('id', '=', departmentId)
      .executeTakeFirst()
    if (!department) throw notFound()
    await db
      .updateTable('department')
      .set({ name: change.name ?? department.name })
      .where('id', '=', departmentId)
      .execute()
    if (!change.agentIds) return []

    const known = new Set((await listAgents(db)).map(({ id }) => id))
    if (change.agentIds.some((id) => !known.has(id))) throw notFound()
    const before = (await listMembers(db))
      .filter((member) => member.department_id === departmentId)
      .map((member) => member.agent_id)
    const after = [...new Set(change.agentIds)]
    await db.deleteFrom('department_member').where('department_id', '=', departmentId).execute()
    if (after.length > 0) {
      await db
        .insertInto('department_member')
        .values(after.map((agentId) => ({ department_id: departmentId, agent_id: agentId })))
        .execute()
    }
    return [
      ...before.filter((id) => !after.includes(id)),
      ...after.filter((id) => !before.includes(id)),
    ]
  })
  for (const agentId of moved) bus.publish({ type: 'rights', agentId })
  bus.publish({ type: 'colleagues' })
  bus.publish({ type: 'routing' })
}

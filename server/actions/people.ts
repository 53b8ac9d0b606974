import type { Role } from '../../shared/protocol/conversation.ts'
import type { AgentCaller, Context } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { hashPassword } from '../passwords.ts'
import { hashToken, newSecret } from '../secrets.ts'
import {
  countAdmins,
  findAgent,
  findAgentByEmail,
  foldEmail,
  insertAgent,
  listDepartmentIdsOf,
  listDepartments,
  setDepartmentsOf,
  updateAgentRow,
} from '../store/agents.ts'
import type { AgentTable } from '../store/schema.ts'
import {
  deleteLink,
  deleteLinks,
  deleteSessionsOf,
  findLink,
  insertLink,
  useLink,
} from '../store/sessions.ts'
import type { Tx } from '../store/store.ts'
import { announceAgent } from './agent-settings.ts'
import { assertAdmin } from './may-see.ts'

export const defaultCapacity = 5
const invitationMs = 7 * 86_400_000
const setupMs = 365 * 86_400_000

interface NewAgent {
  name: string
  email: string
  password: string
  role: Role
  /** The default department when left out. */
  departmentIds?: readonly string[] | undefined
}

/** Creates an account. Throws `already-exists` for an e-mail address that has one. */
export async function createAgent(context: Context, agent: NewAgent): Promise<AgentTable> {
  const passwordHash = await hashPassword(agent.password)
  const row = await context.store.transaction((tx) => insertNew(tx, context, agent, passwordHash))
  announceAgent(context, row.id)
  return row
}

async function insertNew(
  { db }: Tx,
  { newId, now }: Pick<Context, 'newId' | 'now'>,
  agent: NewAgent,
  passwordHash: string,
): Promise<AgentTable> {
  if (await findAgentByEmail(db, agent.email)) {
    throw new AppError('already-exists', 'There is an account with this e-mail address already.', {
      field: 'email',
    })
  }
  const row: AgentTable = {
    id: newId(),
    name: agent.name,
    email: agent.email.trim(),
    email_folded: foldEmail(agent.email),
    password_hash: passwordHash,
    role: agent.role,
    capacity: defaultCapacity,
    status: 'online',
    disabled_at: null,
    created_at: now(),
    last_assigned_at: 0,
  }
  await insertAgent(db, row)
  const departments = await listDepartments(db)
  const known = new Set(departments.map(({ id }) => id))
  const wanted =
    agent.departmentIds ?? departments.filter(({ is_default }) => is_default).map(({ id }) => id)
  if (wanted.some((id) => !known.has(id))) throw notFound()
  await setDepartmentsOf(db, row.id, [...new Set(wanted)])
  return row
}

/** The department that everything starts in. Made once, at the first start. */
export async function ensureDefaultDepartment({ store, newId, now }: Context) {
  if ((await listDepartments(store.read)).length > 0) return
  await store.transaction(async ({ db }) => {
    if ((await listDepartments(db)).length > 0) return
    await db
      .insertInto('department')
      .values({ id: newId(), name: 'Support', is_default: 1, created_at: now() })
      .execute()
  })
}

/* ---- first set-up ---- */

export async function isSetUp({ store }: Pick<Context, 'store'>) {
  return (await countAdmins(store.read)) > 0
}

/** A new one-time link for the first admin; earlier ones stop working. Undefined once there is an admin. */
export async function createSetupLink({ store, newId, now, publicUrl }: Context) {
  const token = newSecret()
  const isMade = await store.transaction(async ({ db }) => {
    if ((await countAdmins(db)) > 0) return false
    await deleteLinks(db, 'setup')
    await insertLink(db, {
      id: newId(),
      kind: 'setup',
      token_hash: hashToken(token),
      email: null,
      role: 'admin',
      department_ids: '[]',
      created_at: now(),
      expires_at: now() + setupMs,
      used_at: null,
    })
    return true
  })
  return isMade ? `${publicUrl}/console/setup#${token}` : undefined
}

/** Uses the set-up link: the first admin. */
export async function setUp(
  context: Context,
  { token, ...account }: { token: string; name: string; email: string; password: string },
) {
  const link = await findLink(context.store.read, 'setup', hashToken(token))
  assertUsable(link, context.now(), setupAdvice)
  const passwordHash = await hashPassword(account.password)
  const agent = await context.store.transaction(async (tx) => {
    if ((await countAdmins(tx.db)) > 0 || !(await useLink(tx.db, link.id, context.now()))) {
      throw new AppError('wrong-link', setupAdvice)
    }
    return insertNew(tx, context, { ...account, role: 'admin' }, passwordHash)
  })
  announceAgent(context, agent.id)
  return agent
}

const setupAdvice =
  'This set-up link is wrong or was used already. If nobody has an account yet, start Parley again: it prints a new link. Otherwise sign in.'
const invitationAdvice =
  'This invitation is wrong, too old, or was used already. Ask who invited you for a new one.'

function assertUsable<Link extends { used_at: number | null; expires_at: number }>(
  link: Link | undefined,
  now: number,
  advice: string,
): asserts link is Link {
  if (!link || link.used_at !== null || link.expires_at <= now) {
    throw new AppError('wrong-link', advice)
  }
}

/* ---- invitations ---- */

interface Invitation {
  email?: string | undefined
  role: Role
  departmentIds?: readonly string[] | undefined
}

/** Makes a link that lets one person make their own account. The token is in the answer and nowhere else. */
export async function invite(context: Context, caller: AgentCaller, invitation: Invitation) {
  assertAdmin(caller)
  const { store, newId, now, publicUrl } = context
  const token = newSecret()
  const row = {
    id: newId(),
    kind: 'invitation' as const,
    token_hash: hashToken(token),
    email: invitation.email ?? null,
    role: invitation.role,
    department_ids: JSON.stringify(invitation.departmentIds ?? null),
    created_at: now(),
    expires_at: now() + invitationMs,
    used_at: null,
  }
  await store.transaction(async ({ db }) => {
    if (invitation.email && (await findAgentByEmail(db, invitation.email))) {
      throw new AppError(
        'already-exists',
        'There is an account with this e-mail address already.',
        {
          field: 'email',
        },
      )
    }
    const known = new Set((await listDepartments(db)).map(({ id }) => id))
    if (invitation.departmentIds?.some((id) => !known.has(id))) throw notFound()
    await insertLink(db, row)
  })
  return { row, link: `${publicUrl}/console/invitation#${token}` }
}

export async function withdrawInvitation({ store }: Context, caller: AgentCaller, id: string) {
  assertAdmin(caller)
  if (!(await store.transaction(({ db }) => deleteLink(db, 'invitation', id)))) throw notFound()
}

export async function lookAtInvitation({ store, now }: Context, token: string) {
  const link = await findLink(store.read, 'invitation', hashToken(token))
  assertUsable(link, now(), invitationAdvice)
  return { email: link.email, role: link.role }
}

export async function acceptInvitation(
  context: Context,
  { token, ...account }: { token: string; name: string; email: string; password: string },
) {
  const link = await findLink(context.store.read, 'invitation', hashToken(token))
  assertUsable(link, context.now(), invitationAdvice)
  const passwordHash = await hashPassword(account.password)
  const agent = await context.store.transaction(async (tx) => {
    if (!(await useLink(tx.db, link.id, context.now()))) {
      throw new AppError('wrong-link', invitationAdvice)
    }
    const chosen = JSON.parse(link.department_ids) as string[] | null
    const known = new Set((await listDepartments(tx.db)).map(({ id }) => id))
    const departmentIds = chosen?.filter((id) => known.has(id))
    return insertNew(tx, context, { ...account, role: link.role, departmentIds }, passwordHash)
  })
  announceAgent(context, agent.id)
  return agent
}

/* ---- changing people ---- */

interface AgentChange {
  role?: Role | undefined
  capacity?: number | undefined
  isDisabled?: boolean | undefined
  departmentIds?: readonly string[] | undefined
}

/** Changes what a person may and does. There is always at least one admin who can. */
export async function updateAgent(
  context: Context,
  caller: AgentCaller,
  agentId: string,
  change: AgentChange,
) {
  assertAdmin(caller)
  return applyAgentChange(context, agentId, change)
}

/** The same without a caller: for the command line, where who may run it may do everything. */
export async function applyAgentChange(context: Context, agentId: string, change: AgentChange) {
  const { store, bus, now } = context
  const { sessionIds, hasNewRights } = await store.transaction(async ({ db }) => {
    const agent = await findAgent(db, agentId)
    if (!agent) throw notFound()
    const isDisabled = change.isDisabled ?? agent.disabled_at !== null
    const role = change.role ?? agent.role
    const before = await listDepartmentIdsOf(db, agentId)

    await updateAgentRow(db, agentId, {
      role,
      capacity: change.capacity ?? agent.capacity,
      disabled_at: isDisabled ? (agent.disabled_at ?? now()) : null,
    })
    if (change.departmentIds) {
      const known = new Set((await listDepartments(db)).map(({ id }) => id))
      if (change.departmentIds.some((id) => !known.has(id))) throw notFound()
      await setDepartmentsOf(db, agentId, [...new Set(change.departmentIds)])
    }
    if (agent.role === 'admin' && (await countAdmins(db)) === 0) {
      throw new AppError('last-admin', 'This is the last admin. Make somebody else admin first.')
    }
    const after = await listDepartmentIdsOf(db, agentId)
    return {
      sessionIds: isDisabled ? await deleteSessionsOf(db, agentId) : [],
      hasNewRights: role !== agent.role || before.toSorted().join() !== after.toSorted().join(),
    }
  })
  if (sessionIds.length > 0) bus.publish({ type: 'sessions.ended', sessionIds })
  if (hasNewRights) bus.publish({ type: 'rights', agentId })
  announceAgent(context, agentId)
}

import { limits } from '../../shared/protocol/limits.ts'
import type { AgentCaller, Context } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { hashPassword, isPasswordOf } from '../passwords.ts'
import type { Attempt, SignInGuard } from '../rules/sign-in-guard.ts'
import { hashToken, newSecret } from '../secrets.ts'
import { findAgent, findAgentByEmail, foldEmail, updateAgentRow } from '../store/agents.ts'
import type { AgentTable } from '../store/schema.ts'
import { deleteSession, deleteSessionsOf, insertSession, insertTicket } from '../store/sessions.ts'
import type { Db } from '../store/store.ts'

/** A session lives this long after it was last used. */
export const sessionMs = 30 * 86_400_000
const ticketMs = 30_000

export interface NewSession {
  agentId: string
  /** For the cookie. Stored only as its hash. */
  token: string
}

/** One message for a wrong name and a wrong password; slowed down after five. */
export async function signIn(
  context: Context,
  guard: SignInGuard,
  {
    email,
    password,
    addressKey,
    browser,
  }: {
    email: string
    password: string
    addressKey: string
    browser: string | null
  },
): Promise<NewSession> {
  const attempt = { account: foldEmail(email).slice(0, limits.email), address: addressKey }
  countTry(context, guard, attempt)
  const agent = await findAgentByEmail(context.store.read, email)
  const isUsable = agent && agent.disabled_at === null
  if (!(await isPasswordOf(isUsable ? agent.password_hash : undefined, password)) || !agent) {
    throw wrongCredentials()
  }
  guard.succeeded(attempt)
  return context.store.transaction(async ({ db }) => {
    await assertUnchanged(db, agent)
    return putSession(db, context, agent.id, browser)
  })
}

const wrongCredentials = () =>
  new AppError('wrong-credentials', 'The e-mail address or the password is wrong.')

/** Counted as a failure before the hash is done, so that many tries at once count as many. */
function countTry({ now }: Context, guard: SignInGuard, attempt: Attempt) {
  const waitMs = guard.waitMs(attempt, now())
  if (waitMs > 0) {
    throw new AppError('too-fast', 'Too many wrong tries. Wait a moment, then try again.', {
      retryAfterMs: waitMs,
    })
  }
  guard.failed(attempt, now())
}

/** Hashing takes a while: a password that was changed, or an account that was disabled meanwhile, opens nothing. */
async function assertUnchanged(db: Db, { id, password_hash }: AgentTable) {
  const agent = await findAgent(db, id)
  if (agent?.password_hash !== password_hash || agent.disabled_at !== null) throw wrongCredentials()
}

/** Opens a session for somebody who has just made their account. */
export function startSession(
  context: Context,
  agentId: string,
  browser: string | null,
): Promise<NewSession> {
  return context.store.transaction(({ db }) => putSession(db, context, agentId, browser))
}

async function putSession(
  db: Db,
  { now, newId }: Pick<Context, 'now' | 'newId'>,
  agentId: string,
  browser: string | null,
): Promise<NewSession> {
  const token = newSecret()
  await insertSession(db, {
    id: newId(),
    token_hash: hashToken(token),
    agent_id: agentId,
    created_at: now(),
    seen_at: now(),
    expires_at: now() + sessionMs,
    browser,
  })
  return { agentId, token }
}

/** Ends one of the caller's own sessions, with its live sockets. */
export async function endSession({ store, bus }: Context, caller: AgentCaller, sessionId: string) {
  const isEnded = await store.transaction(({ db }) => deleteSession(db, caller.agentId, sessionId))
  if (!isEnded) throw notFound()
  bus.publish({ type: 'sessions.ended', sessionIds: [sessionId] })
}

/** Changes the password; every session ends, and the caller gets a new one. */
export async function changePassword(
  context: Context,
  guard: SignInGuard,
  caller: AgentCaller,
  { current, next, browser }: { current: string; next: string; browser: string | null },
): Promise<NewSession> {
  // A way of its own: what is guessed at the sign-in keeps nobody from changing their password.
  const attempt = { account: `password of ${caller.agentId}`, address: caller.sessionId }
  countTry(context, guard, attempt)
  const agent = await findAgent(context.store.read, caller.agentId)
  if (!agent || !(await isPasswordOf(agent.password_hash, current))) {
    throw new AppError('wrong-credentials', 'The current password is wrong.', { field: 'current' })
  }
  guard.succeeded(attempt)
  const passwordHash = await hashPassword(next)
  const { sessionIds, session } = await context.store.transaction(async ({ db }) => {
    await assertUnchanged(db, agent)
    await updateAgentRow(db, agent.id, { password_hash: passwordHash })
    const sessionIds = await deleteSessionsOf(db, agent.id)
    // Who was signed out while the hash was made does not come back in by it.
    if (!sessionIds.includes(caller.sessionId)) throw new AppError('signed-out', 'Sign in first.')
    return { sessionIds, session: await putSession(db, context, agent.id, browser) }
  })
  context.bus.publish({ type: 'sessions.ended', sessionIds })
  return session
}

/** A one-time ticket for the console's socket: a cookie alone opens none. */
export async function issueTicket({ store, now }: Context, { sessionId }: AgentCaller) {
  const ticket = newSecret()
  await store.transaction(({ db }) =>
    insertTicket(db, hashToken(ticket), sessionId, now() + ticketMs),
  )
  return ticket
}

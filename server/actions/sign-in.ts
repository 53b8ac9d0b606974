import type { AgentCaller, Context } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { hashPassword, isPasswordOf } from '../passwords.ts'
import { SignInGuard } from '../rules/sign-in-guard.ts'
import { hashToken, newSecret } from '../secrets.ts'
import { findAgent, findAgentByEmail, foldEmail, updateAgentRow } from '../store/agents.ts'
import { deleteSession, deleteSessionsOf, insertSession, insertTicket } from '../store/sessions.ts'

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
  const keys = [`account:${foldEmail(email)}`, `address:${addressKey}`]
  const waitMs = guard.waitMs(keys, context.now())
  if (waitMs > 0) {
    throw new AppError('too-fast', 'Too many wrong tries. Wait a moment, then try again.', {
      retryAfterMs: waitMs,
    })
  }
  // Counted before the hash is done, so that many tries at once count as many.
  guard.failed(keys, context.now())
  const agent = await findAgentByEmail(context.store.read, email)
  const isUsable = agent && agent.disabled_at === null
  if (!(await isPasswordOf(isUsable ? agent.password_hash : undefined, password)) || !agent) {
    throw new AppError('wrong-credentials', 'The e-mail address or the password is wrong.')
  }
  guard.succeeded(keys)
  return startSession(context, agent.id, browser)
}

export async function startSession(
  { store, now, newId }: Context,
  agentId: string,
  browser: string | null,
): Promise<NewSession> {
  const token = newSecret()
  await store.transaction(({ db }) =>
    insertSession(db, {
      id: newId(),
      token_hash: hashToken(token),
      agent_id: agentId,
      created_at: now(),
      seen_at: now(),
      expires_at: now() + sessionMs,
      browser,
    }),
  )
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
  const keys = [`password:${caller.agentId}`]
  const waitMs = guard.waitMs(keys, context.now())
  if (waitMs > 0) {
    throw new AppError('too-fast', 'Too many wrong tries. Wait a moment, then try again.', {
      retryAfterMs: waitMs,
    })
  }
  guard.failed(keys, context.now())
  const agent = await findAgent(context.store.read, caller.agentId)
  if (!agent || !(await isPasswordOf(agent.password_hash, current))) {
    throw new AppError('wrong-credentials', 'The current password is wrong.', { field: 'current' })
  }
  guard.succeeded(keys)
  const passwordHash = await hashPassword(next)
  const sessionIds = await context.store.transaction(async ({ db }) => {
    await updateAgentRow(db, caller.agentId, { password_hash: passwordHash })
    return deleteSessionsOf(db, caller.agentId)
  })
  context.bus.publish({ type: 'sessions.ended', sessionIds })
  return startSession(context, caller.agentId, browser)
}

/** A one-time ticket for the console's socket: a cookie alone opens none. */
export async function issueTicket({ store, now }: Context, { sessionId }: AgentCaller) {
  const ticket = newSecret()
  await store.transaction(({ db }) =>
    insertTicket(db, hashToken(ticket), sessionId, now() + ticketMs),
  )
  return ticket
}

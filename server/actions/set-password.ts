import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { hashPassword } from '../passwords.ts'
import { findAgentByEmail, updateAgentRow } from '../store/agents.ts'
import { deleteSessionsOf } from '../store/sessions.ts'

/** Gives an account a new password and ends its sessions. For the command line: nobody is asked for the old one. */
export async function setPassword(
  { store, bus }: Pick<Context, 'store' | 'bus'>,
  email: string,
  password: string,
) {
  const passwordHash = await hashPassword(password)
  const { agent, sessionIds } = await store.transaction(async ({ db }) => {
    const found = await findAgentByEmail(db, email)
    if (!found) throw new AppError('not-found', `There is no account with the address ${email}.`)
    await updateAgentRow(db, found.id, { password_hash: passwordHash })
    return { agent: found, sessionIds: await deleteSessionsOf(db, found.id) }
  })
  if (sessionIds.length > 0) bus.publish({ type: 'sessions.ended', sessionIds })
  return agent
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'

import {
  acceptInvitationInput,
  changePasswordInput,
  lookAtInvitationInput,
  type Session,
  type SessionListItem,
  setupInput,
  signInInput,
  updateMeInput,
} from '../../shared/api/api.ts'
import { announceAgent } from '../actions/agent-settings.ts'
import { acceptInvitation, isSetUp, lookAtInvitation, setUp } from '../actions/people.ts'
import {
  changePassword,
  endSession,
  issueTicket,
  type NewSession,
  signIn,
  startSession,
} from '../actions/sign-in.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { addressKey } from '../rules/address.ts'
import { describeBrowser } from '../rules/browser.ts'
import type { SignInGuard } from '../rules/sign-in-guard.ts'
import { csrfOf } from '../secrets.ts'
import { findAgent, updateAgentRow } from '../store/agents.ts'
import { listSessionsOf } from '../store/sessions.ts'
import { clearSessionCookie, setSessionCookie } from './cookies.ts'
import { memberRoute, openRoute, param, type Route } from './route.ts'

interface Deps {
  context: Context
  guard: SignInGuard
  cookieName: string
  isSecure: boolean
}

/** Signing in and out, the own account, the one-time links. */
export function accountRoutes(deps: Deps): Route[] {
  const { context, guard, cookieName } = deps
  const browserOf = (request: FastifyRequest) => describeBrowser(request.headers['user-agent'])

  async function describeMe(agentId: string) {
    const agent = await findAgent(context.store.read, agentId)
    if (!agent) throw new AppError('signed-out', 'Sign in first.')
    const { id, name, email, role, capacity } = agent
    return { id, name, email, role, capacity }
  }

  async function open(reply: FastifyReply, { agentId, token }: NewSession): Promise<Session> {
    setSessionCookie(reply, token, deps)
    return { me: await describeMe(agentId), csrf: csrfOf(token) }
  }

  return [
    openRoute({
      method: 'GET',
      url: '/api/setup',
      handle: async () => ({ isDone: await isSetUp(context) }),
    }),
    openRoute({
      method: 'POST',
      url: '/api/setup',
      input: setupInput,
      async handle({ input, request, reply }) {
        const agent = await setUp(context, input)
        return open(reply, await startSession(context, agent.id, browserOf(request)))
      },
    }),
    openRoute({
      method: 'POST',
      url: '/api/session',
      input: signInInput,
      async handle({ input, request, reply }) {
        const session = await signIn(context, guard, {
          ...input,
          addressKey: addressKey(request.ip),
          browser: browserOf(request),
        })
        return open(reply, session)
      },
    }),
    memberRoute('signed-in', {
      method: 'GET',
      url: '/api/session',
      async handle({ caller, request }): Promise<Session> {
        const token = request.cookies[cookieName] ?? ''
        return { me: await describeMe(caller.agentId), csrf: csrfOf(token) }
      },
    }),
    memberRoute('signed-in', {
      method: 'DELETE',
      url: '/api/session',
      async handle({ caller, reply }) {
        await endSession(context, caller, caller.sessionId)
        clearSessionCookie(reply, deps)
        return {}
      },
    }),
    memberRoute('signed-in', {
      method: 'POST',
      url: '/api/ticket',
      input: v.strictObject({}),
      handle: async ({ caller }) => ({ ticket: await issueTicket(context, caller) }),
    }),
    memberRoute('signed-in', {
      method: 'PATCH',
      url: '/api/me',
      input: updateMeInput,
      async handle({ caller, input }) {
        const { name } = input
        if (name !== undefined) {
          await context.store.transaction(({ db }) => updateAgentRow(db, caller.agentId, { name }))
          // Live sockets speak in the old name until they say hello again.
          context.bus.publish({ type: 'rights', agentId: caller.agentId })
          announceAgent(context, caller.agentId)
        }
        return describeMe(caller.agentId)
      },
    }),
    memberRoute('signed-in', {
      method: 'POST',
      url: '/api/me/password',
      input: changePasswordInput,
      async handle({ caller, input, request, reply }) {
        const browser = browserOf(request)
        return open(reply, await changePassword(context, guard, caller, { ...input, browser }))
      },
    }),
    memberRoute('signed-in', {
      method: 'GET',
      url: '/api/sessions',
      async handle({ caller }) {
        const rows = await listSessionsOf(context.store.read, caller.agentId, context.now())
        const sessions: SessionListItem[] = rows.map((row) => ({
          id: row.id,
          isCurrent: row.id === caller.sessionId,
          createdAt: row.created_at,
          seenAt: row.seen_at,
          browser: row.browser,
        }))
        return { sessions }
      },
    }),
    memberRoute('signed-in', {
      method: 'DELETE',
      url: '/api/sessions/:id',
      async handle({ caller, request }) {
        await endSession(context, caller, param(request, 'id'))
        return {}
      },
    }),
    openRoute({
      method: 'POST',
      url: '/api/invitations/look',
      input: lookAtInvitationInput,
      handle: ({ input }) => lookAtInvitation(context, input.token),
    }),
    openRoute({
      method: 'POST',
      url: '/api/invitations/accept',
      input: acceptInvitationInput,
      async handle({ input, request, reply }) {
        const agent = await acceptInvitation(context, input)
        return open(reply, await startSession(context, agent.id, browserOf(request)))
      },
    }),
  ]
}

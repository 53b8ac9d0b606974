import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'

import { sessionMs } from '../actions/sign-in.ts'
import type { AgentCaller, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { csrfOf, hashToken, isSameSecret } from '../secrets.ts'
import { listDepartmentIdsOf } from '../store/agents.ts'
import { findSessionByTokenHash, touchSession } from '../store/sessions.ts'
import type { Access, Route } from './route.ts'

/** A session's last use is written at most this often. */
const touchEveryMs = 60_000

const idPattern = /^[A-Za-z0-9_-]{8,64}$/

export interface RouteOptions {
  context: Context
  cookieName: string
}

/** Builds every route of the table behind the same gate: who, CSRF, schema, then the handler. */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  options: RouteOptions,
) {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.url,
      async handler(request, reply) {
        reply.header('cache-control', 'no-store')
        const caller = await authenticate(request, options)
        if (route.method !== 'GET') assertSameOrigin(request, options)
        if (route.who !== 'anyone') {
          assertMay(caller, route.who)
          if (route.method !== 'GET') assertCsrf(request, options)
        }
        for (const value of Object.values(request.params as Record<string, string>)) {
          if (!idPattern.test(value)) throw new AppError('bad-request', 'The address is not valid.')
        }
        const input = route.input ? parseInput(route.input, request.body) : undefined
        return route.handle({ input, caller, request, reply })
      },
    })
  }
}

async function authenticate(
  request: FastifyRequest,
  { context, cookieName }: RouteOptions,
): Promise<AgentCaller | undefined> {
  const token = request.cookies[cookieName]
  if (!token) return undefined
  const now = context.now()
  const row = await findSessionByTokenHash(context.store.read, hashToken(token), now)
  if (!row) return undefined
  if (now - row.seen_at > touchEveryMs) {
    await context.store.transaction(({ db }) =>
      touchSession(db, row.session_id, now, now + sessionMs),
    )
  }
  return {
    kind: 'agent',
    agentId: row.id,
    name: row.name,
    role: row.role,
    departmentIds: await listDepartmentIdsOf(context.store.read, row.id),
    sessionId: row.session_id,
  }
}

function assertMay(caller: AgentCaller | undefined, who: Exclude<Access, 'anyone'>) {
  if (!caller) throw new AppError('signed-out', 'Sign in first.')
  const isAllowed =
    who === 'signed-in' ||
    caller.role === 'admin' ||
    (who === 'supervisor' && caller.role === 'supervisor')
  if (!isAllowed) throw new AppError('not-allowed', 'Your role does not allow this.')
}

/** Browsers say where a request comes from; programs that send no Origin hold no cookies of people. */
function assertSameOrigin({ headers }: FastifyRequest, { context }: RouteOptions) {
  const { origin } = headers
  if (origin !== undefined && origin !== context.publicUrl) {
    throw new AppError('origin-not-allowed', `The console is at ${context.publicUrl}/console`)
  }
  if (headers['sec-fetch-site'] === 'cross-site') {
    throw new AppError('origin-not-allowed', 'Requests from other sites are refused.')
  }
}

function assertCsrf(request: FastifyRequest, { cookieName }: RouteOptions) {
  const given = request.headers['x-parley-csrf']
  const token = request.cookies[cookieName] ?? ''
  if (typeof given !== 'string' || !isSameSecret(given, csrfOf(token))) {
    throw new AppError('csrf', 'The x-parley-csrf header is missing or wrong. Reload the page.')
  }
}

function parseInput(schema: v.GenericSchema, body: unknown): unknown {
  const parsed = v.safeParse(schema, body, { abortEarly: true })
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  const field = v.getDotPath(issue) ?? undefined
  throw new AppError('bad-request', describeIssue(issue, field), field ? { field } : {})
}

/** A sentence for people, without what they typed. */
function describeIssue(issue: v.BaseIssue<unknown>, field: string | undefined) {
  const name = field ?? 'The body'
  if (issue.kind === 'schema') {
    if (issue.expected === 'never') return `${name} is not a known field.`
    if (issue.received === 'undefined') return `${name} is missing.`
    return `${name} must be ${issue.expected ?? 'valid'}.`
  }
  if (issue.type === 'max_length') return `${name} is too long.`
  if (/^(is|needs|has) /.test(issue.message)) return `${name} ${issue.message}.`
  return `${name} is not valid.`
}

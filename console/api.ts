import * as v from 'valibot'

import {
  agentOutput,
  departmentOutput,
  errorOutput,
  invitationOutput,
  meOutput,
  sessionListItemOutput,
  sessionOutput,
  siteCheckOutput,
  siteOutput,
  type Session,
} from '../shared/api/api.ts'
import type * as wire from '../shared/api/api.ts'
import { roles } from '../shared/protocol/conversation.ts'
import { isErrorCode, errorCodes } from '../shared/protocol/errors.ts'

type Body<Schema extends v.GenericSchema> = v.InferInput<Schema>

/** What a call answers when it does not succeed. `offline`: the server was not reached. */
export class ApiFailure extends Error {
  readonly code: string
  readonly field: string | undefined
  readonly retryAfterMs: number | undefined
  readonly isRetryable: boolean

  constructor(code: string, message: string, more: { field?: string; retryAfterMs?: number } = {}) {
    super(message)
    this.code = code
    this.field = more.field
    this.retryAfterMs = more.retryAfterMs
    this.isRetryable = code === 'offline' || (isErrorCode(code) && errorCodes[code].isRetryable)
  }
}

export interface ApiDeps {
  fetch: typeof fetch
  /** The server no longer knows this browser. */
  onSignedOut(): void
  /** Another tab signed somebody else in: this browser is theirs now. */
  onSomebodyElse(session: Session): void
}

export type Api = ReturnType<typeof createApi>

const nothing = v.object({})

/** The console's calls over HTTP, one function a route. Every one rejects with an `ApiFailure` and with nothing else. */
export function createApi({ fetch, onSignedOut, onSomebodyElse }: ApiDeps) {
  let csrf = ''
  let myId: string | undefined

  async function send(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(`/api${path}`, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        headers: {
          accept: 'application/json',
          ...(method !== 'GET' && { 'content-type': 'application/json', 'x-parley-csrf': csrf }),
        },
        ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
      })
    } catch {
      throw new ApiFailure('offline', 'The server cannot be reached.')
    }
  }

  async function call<Schema extends v.GenericSchema>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    schema: Schema,
    body?: unknown,
    isRepeat = false,
  ): Promise<v.InferOutput<Schema>> {
    const response = await send(method, path, body)
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok) {
      const parsed = v.safeParse(schema, answer)
      if (parsed.success) return parsed.output
      throw new ApiFailure(
        'internal',
        'The server gave an answer that this page does not understand.',
      )
    }
    const failure = toFailure(answer, response.status)
    // Another tab signed in anew: the header is of an older session. Ask for the right one, once.
    if (failure.code === 'csrf' && !isRepeat) {
      const before = myId
      const session = await getSession()
      if (before === session.me.id) return call(method, path, schema, body, true)
      // What one person began is not done in the name of another.
      onSomebodyElse(session)
    }
    if (failure.code === 'signed-out') onSignedOut()
    throw failure
  }

  const keepCsrf = (session: Session) => {
    csrf = session.csrf
    myId = session.me.id
    return session
  }
  const getSession = async () => keepCsrf(await call('GET', '/session', sessionOutput))
  const id = encodeURIComponent

  return {
    isSetUp: () => call('GET', '/setup', v.object({ isDone: v.boolean() })),
    setUp: async (body: Body<typeof wire.setupInput>) =>
      keepCsrf(await call('POST', '/setup', sessionOutput, body)),
    signIn: async (body: Body<typeof wire.signInInput>) =>
      keepCsrf(await call('POST', '/session', sessionOutput, body)),
    getSession,
    signOut: () => call('DELETE', '/session', nothing),
    getTicket: () => call('POST', '/ticket', v.object({ ticket: v.string() })),

    updateMe: (body: Body<typeof wire.updateMeInput>) => call('PATCH', '/me', meOutput, body),
    changePassword: async (body: Body<typeof wire.changePasswordInput>) =>
      keepCsrf(await call('POST', '/me/password', sessionOutput, body)),
    listSessions: () =>
      call('GET', '/sessions', v.object({ sessions: v.array(sessionListItemOutput) })),
    endSession: (session: string) => call('DELETE', `/sessions/${id(session)}`, nothing),

    listAgents: () => call('GET', '/agents', v.object({ agents: v.array(agentOutput) })),
    updateAgent: (agent: string, body: Body<typeof wire.updateAgentInput>) =>
      call('PATCH', `/agents/${id(agent)}`, agentOutput, body),
    listInvitations: () =>
      call('GET', '/invitations', v.object({ invitations: v.array(invitationOutput) })),
    invite: (body: Body<typeof wire.inviteInput>) =>
      call(
        'POST',
        '/invitations',
        v.object({ invitation: invitationOutput, link: v.string() }),
        body,
      ),
    withdrawInvitation: (invitation: string) =>
      call('DELETE', `/invitations/${id(invitation)}`, nothing),
    lookAtInvitation: (token: string) =>
      call(
        'POST',
        '/invitations/look',
        v.object({ email: v.nullable(v.string()), role: v.picklist(roles) }),
        { token },
      ),
    acceptInvitation: async (body: Body<typeof wire.acceptInvitationInput>) =>
      keepCsrf(await call('POST', '/invitations/accept', sessionOutput, body)),

    listSites: () => call('GET', '/sites', v.object({ sites: v.array(siteOutput) })),
    createSite: (body: Body<typeof wire.createSiteInput>) =>
      call('POST', '/sites', siteOutput, body),
    updateSite: (site: string, body: Body<typeof wire.updateSiteInput>) =>
      call('PATCH', `/sites/${id(site)}`, siteOutput, body),
    checkSite: (site: string) => call('GET', `/sites/${id(site)}/check`, siteCheckOutput),

    listDepartments: () =>
      call('GET', '/departments', v.object({ departments: v.array(departmentOutput) })),
    createDepartment: (body: Body<typeof wire.createDepartmentInput>) =>
      call('POST', '/departments', departmentOutput, body),
    updateDepartment: (department: string, body: Body<typeof wire.updateDepartmentInput>) =>
      call('PATCH', `/departments/${id(department)}`, departmentOutput, body),
  }
}

function toFailure(answer: unknown, status: number): ApiFailure {
  const parsed = v.safeParse(errorOutput, answer)
  if (!parsed.success) {
    // A proxy answered in the server's place.
    return status >= 502 && status <= 504
      ? new ApiFailure('unavailable', 'The server is not available right now.')
      : new ApiFailure('internal', 'Something went wrong.')
  }
  const { code, message, field, retryAfterMs } = parsed.output.error
  return new ApiFailure(code, message, {
    ...(field !== undefined && { field }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

import type { AgentHello, VisitorHello } from '../../shared/protocol/commands.ts'
import { limits } from '../../shared/protocol/limits.ts'
import { OLDEST_SERVED_VERSION, PROTOCOL_VERSION } from '../../shared/protocol/version.ts'
import { scopeOf } from '../actions/may-see.ts'
import { agentCame } from '../actions/presence.ts'
import { setPage } from '../actions/set-contact.ts'
import type { AgentCaller, Context, VisitorCaller } from '../context.ts'
import { AppError } from '../errors.ts'
import { hashToken } from '../secrets.ts'
import { listDepartmentIdsOf } from '../store/agents.ts'
import { listMine, listQueue, listTeam } from '../store/conversations.ts'
import { findSessionById, takeTicket } from '../store/sessions.ts'
import { toRow } from '../views/conversation-view.ts'
import type { Connection } from './connection.ts'
import type { RealtimeDeps } from './deps.ts'
import { noteHeld, offerPush } from './tell-conversations.ts'
import { readMe } from './tell-people.ts'
import { listVisitorStates } from './visitor-commands.ts'

function assertServed(version: number) {
  if (version < OLDEST_SERVED_VERSION) {
    throw new AppError(
      'version-not-served',
      `This server speaks versions ${OLDEST_SERVED_VERSION} to ${PROTOCOL_VERSION}. Reload the page.`,
    )
  }
}

/** Lets a visitor in: the site is known, the page's origin is on its list, the token is not revoked. */
export async function greetVisitor(
  deps: RealtimeDeps,
  connection: Connection,
  hello: VisitorHello,
  { origin, browser }: { origin: string | undefined; browser: string | null },
) {
  const { context, hub, directory } = deps
  assertServed(hello.version)
  const site = await directory.findSite(hello.site)
  if (!site) throw new AppError('site-not-found', 'There is no site with this key.')
  if (origin === undefined || !site.origins.has(origin)) {
    throw new AppError(
      'origin-not-allowed',
      `This page's origin is not on the site's list. Add it at ${context.publicUrl}/console/settings/sites`,
    )
  }
  const tokenHash = hashToken(hello.token)
  const visitor = await context.store.hotRead.findVisitorByTokenHash(site.id, tokenHash)
  if (visitor?.token_revoked_at) throw new AppError('token-revoked', 'This visitor was signed out.')
  if (connection.isClosed) return
  if (!deps.limits.takeVisitorSocket(tokenHash)) {
    throw new AppError('too-fast', 'Too many connections.', { retryAfterMs: 30_000 })
  }
  connection.onGone = () => deps.limits.giveVisitorSocket(tokenHash)

  const caller: VisitorCaller = {
    kind: 'visitor',
    siteId: site.id,
    tokenHash,
    visitorId: visitor?.id,
    browser,
    connectionId: connection.id,
    assertMayStart() {
      const retryAfterMs = deps.limits.takeStart(connection.address, context.now())
      if (retryAfterMs === 0) return
      throw new AppError('too-fast', 'Too many new conversations from there.', { retryAfterMs })
    },
  }
  await directory.measureAnswers(site)
  if (connection.isClosed) return
  // Hears first, then reads: what changes in between follows the welcome.
  connection.hold()
  connection.caller = caller
  hub.identify(connection)
  const conversations = await listVisitorStates(deps, caller)
  const team = directory.team(site)
  connection.told = JSON.stringify(team)
  connection.welcome({
    type: 'welcome',
    version: PROTOCOL_VERSION,
    serverTime: context.now(),
    site: { name: site.name, isTypingPreviewOn: site.settings.typingPreview },
    visitor: { name: visitor?.name ?? null, hasEmail: visitor?.email != null },
    team,
    conversations,
  })
  const hasOpen = conversations.some(({ status }) => status !== 'closed')
  if (hello.page && hasOpen) await setPage(context, caller, hello.page)
}

/** Lets an agent in on a one-time ticket of a session that is still good. */
export async function greetAgent(deps: RealtimeDeps, connection: Connection, hello: AgentHello) {
  const { context, hub } = deps
  assertServed(hello.version)
  const now = context.now()
  const hash = hashToken(hello.ticket)
  const sessionId = await context.store.transaction(({ db }) => takeTicket(db, hash, now))
  if (sessionId === undefined) throw signedOut()
  const caller = await readCaller(context, sessionId, connection.id)
  if (connection.isClosed) return
  connection.hold()
  const isFirst = hub.ofAgent(caller.agentId).size === 0
  connection.caller = caller
  hub.identify(connection)
  if (isFirst) await agentCame(context, caller.agentId)
  // From being filed on, a change of rights finds this connection; one between the reading and that did not.
  const current = await readCaller(context, sessionId, connection.id)
  if (
    current.role !== caller.role ||
    current.departmentIds.join() !== caller.departmentIds.join()
  ) {
    throw new AppError('rights-changed', 'Your role or departments changed; reconnecting.', {
      retryAfterMs: 0,
    })
  }
  await welcomeAgent(deps, connection, caller)
}

const signedOut = () => new AppError('signed-out', 'Sign in again.')

async function readCaller(
  { store, now }: Context,
  sessionId: string,
  connectionId: string,
): Promise<AgentCaller> {
  const session = await findSessionById(store.read, sessionId, now())
  if (!session) throw signedOut()
  const departmentIds = await listDepartmentIdsOf(store.read, session.id)
  return {
    kind: 'agent',
    agentId: session.id,
    name: session.name,
    role: session.role,
    departmentIds: departmentIds.toSorted(),
    sessionId: session.session_id,
    connectionId,
  }
}

async function welcomeAgent(deps: RealtimeDeps, connection: Connection, caller: AgentCaller) {
  const { context, hub, directory } = deps
  await directory.reload()
  const { read } = context.store
  const scope = scopeOf(caller)
  const [mine, queue, team] = await Promise.all([
    listMine(read, caller.agentId),
    listQueue(read, { scope, limit: limits.listPage }),
    listTeam(read, { scope, limit: limits.listPage }),
  ])
  const rows = new Map([...mine, ...queue, ...team].map((row) => [row.id, row]))
  noteHeld(
    connection,
    caller,
    mine.map((row) => ({ row })),
  )
  const colleagues = directory.colleagues()
  connection.told = JSON.stringify(colleagues)
  connection.welcome({
    type: 'welcome',
    version: PROTOCOL_VERSION,
    serverTime: context.now(),
    me: await readMe(context, caller.agentId),
    colleagues,
    departments: [...directory.departments].map(([id, name]) => ({ id, name })),
    sites: [...directory.sitesById.values()].map(({ id, name }) => ({ id, name })),
    counts: directory.viewCounts(caller.agentId, scope),
    rows: [...rows.values()].map((row) => toRow(row, hub.isVisitorHere(row.visitor_id))),
  })
  // What rang when the connection was lost, rings on.
  for (const row of mine) {
    if (row.offer_agent_id !== caller.agentId) continue
    connection.sendJson(offerPush(row, hub.isVisitorHere(row.visitor_id), context.now()))
  }
}

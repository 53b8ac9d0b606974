import { closeCodes } from '../../shared/protocol/errors.ts'
import { listGoodSessionIds, listRevokedVisitorIds } from '../store/sessions.ts'
import type { RealtimeDeps } from './deps.ts'

/** Ends the sockets of agents and visitors whose right to be here another process took away (D11). */
export async function endRevoked({ context, hub }: Pick<RealtimeDeps, 'context' | 'hub'>) {
  const sessionIds = new Set<string>()
  const visitorIds = new Set<string>()
  for (const { caller } of hub.connections) {
    if (caller?.kind === 'agent') sessionIds.add(caller.sessionId)
    else if (caller?.visitorId !== undefined) visitorIds.add(caller.visitorId)
  }
  const good = await listGoodSessionIds(context.store.read, [...sessionIds], context.now())
  hub.endSessions(new Set([...sessionIds].filter((id) => !good.has(id))))

  for (const visitorId of await listRevokedVisitorIds(context.store.read, visitorIds)) {
    for (const connection of hub.ofVisitor(visitorId)) {
      connection.bye('token-revoked', 'This visitor was signed out.', closeCodes.signedOut)
    }
  }
}

/** Ends the sockets of pages whose origin was taken off their site's list. */
export function endUnwelcome({ hub, directory }: Pick<RealtimeDeps, 'hub' | 'directory'>) {
  for (const [siteId, connections] of hub.sites()) {
    const origins = directory.sitesById.get(siteId)?.origins
    for (const connection of connections) {
      if (connection.origin !== undefined && origins?.has(connection.origin)) continue
      connection.bye(
        'origin-not-allowed',
        "This page's origin is no longer on the site's list.",
        closeCodes.notAllowed,
      )
    }
  }
}

import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'

import { closeCodes } from '../../shared/protocol/errors.ts'
import { heartbeat } from '../../shared/protocol/limits.ts'
import { agentWent } from '../actions/presence.ts'
import type { Context } from '../context.ts'
import { addressKey } from '../rules/address.ts'
import { describeBrowser } from '../rules/browser.ts'
import { startBroadcaster } from './broadcaster.ts'
import { Connection, socketOptions } from './connection.ts'
import { Directory } from './directory.ts'
import { Hub } from './hub.ts'
import { Limits } from './limits.ts'
import { Places } from './places.ts'
import { endRevoked } from './revoke.ts'
import { createSession } from './session.ts'

/** A page reload is not a departure. */
const departureMs = 2_500
/** How often live sockets are held against what other processes wrote. */
export const watchMs = 500

export interface RealtimeCounters {
  slowReaders: number
  refused: number
}

/** The sockets of this node and all that keeps them honest. */
export async function createRealtime(context: Context) {
  const hub = new Hub()
  const directory = new Directory(context)
  const places = new Places(context)
  await directory.reload()
  await places.reload()
  const limits = new Limits()
  const deps = { context, hub, directory, places, limits }
  const broadcaster = startBroadcaster(deps)
  const unsubscribe = context.bus.subscribe((message) => hub.hear(message))
  const counters: RealtimeCounters = { slowReaders: 0, refused: 0 }
  let isDraining = false

  const pulse = setInterval(() => {
    const now = context.now()
    hub.keepAlive(now)
  }, 1_000)

  /** Another process (the command line) wrote: what it may have revoked ends here within the next beat. */
  const watch = setInterval(() => {
    if (!context.store.hasForeignChange()) return
    broadcaster.refresh()
    context.bus.publish({ type: 'routing' })
    endRevoked(deps).catch((error: unknown) =>
      context.log.error({ err: error }, 'checking live sessions failed'),
    )
  }, watchMs)

  function accept(kind: 'visitor' | 'agent', socket: WebSocket, request: FastifyRequest) {
    // Who is gone before they are let in has no address any more.
    const ip: string | undefined = request.ip
    if (ip === undefined) {
      socket.terminate()
      return
    }
    const now = context.now()
    const address = addressKey(ip)
    const waitMs = limits.handshakes.take(address, now)
    const connection = new Connection(socket, {
      id: context.newId(),
      kind,
      address,
      origin: request.headers.origin,
      now,
      onSlow: () => {
        counters.slowReaders += 1
      },
      // A visitor's socket gets one frame at a time; an agent's gets those of many chats.
      wire: kind === 'agent' ? request.raw.socket : undefined,
    })
    socket.on('error', () => {
      // A frame over the limit, bytes that are no frames: ws closes, and 'close' follows.
      counters.refused += 1
    })
    if (waitMs > 0 || !limits.takeSocket(address)) {
      const retryAfterMs = waitMs || 30_000
      connection.bye('too-fast', 'Too many connections.', closeCodes.tooFast, retryAfterMs)
      return
    }
    socket.once('close', () => limits.giveSocket(address))
    if (kind === 'agent' && request.headers.origin !== context.publicUrl) {
      connection.bye(
        'origin-not-allowed',
        `The console is at ${context.publicUrl}/console`,
        closeCodes.notAllowed,
      )
      return
    }
    hub.add(connection)
    const session = createSession({
      deps,
      connection,
      origin: request.headers.origin,
      browser: describeBrowser(request.headers['user-agent']),
      isDraining: () => isDraining,
    })
    let helloTimer: NodeJS.Timeout | undefined = setTimeout(() => {
      if (!connection.caller) {
        connection.bye('hello-expected', 'No hello came in time.', closeCodes.helloTimeout)
      }
    }, heartbeat.helloWithinMs)

    socket.on('message', (bytes, isBinary) => {
      if (isBinary || !Buffer.isBuffer(bytes)) {
        connection.bye('bad-frame', 'Frames are text.', closeCodes.badFrame)
        return
      }
      session.onText(bytes.toString('utf8'))
      if (connection.caller && helloTimer) {
        clearTimeout(helloTimer)
        helloTimer = undefined
      }
    })
    socket.on('close', () => {
      clearTimeout(helloTimer)
      connection.isClosed = true
      connection.onGone()
      hub.remove(connection)
      leave(connection)
    })
  }

  function leave({ caller }: Connection) {
    if (caller?.kind === 'visitor' && caller.visitorId !== undefined) {
      seeVisitor(caller.visitorId)
    }
    if (caller?.kind !== 'agent' || isDraining) return
    const { agentId } = caller
    setTimeout(() => {
      if (isDraining || hub.ofAgent(agentId).size > 0) return
      agentWent(context, agentId).catch((error: unknown) =>
        context.log.error({ err: error }, 'noting that an agent went failed'),
      )
    }, departureMs).unref()
  }

  function seeVisitor(visitorId: string) {
    broadcaster
      .visitorChanged(visitorId)
      .catch((error: unknown) =>
        context.log.error({ err: error }, 'telling that a visitor came or went failed'),
      )
  }
  hub.onVisitor = seeVisitor

  async function register(app: FastifyInstance) {
    await app.register(websocket, {
      options: socketOptions,
      errorHandler(error, socket) {
        context.log.error({ err: error }, 'a socket failed')
        socket.terminate()
      },
    })
    app.get('/ws/visitor', { websocket: true }, (socket, request) =>
      accept('visitor', socket, request),
    )
    app.get('/ws/agent', { websocket: true }, (socket, request) => accept('agent', socket, request))
  }

  return {
    deps,
    hub,
    directory,
    counters,
    register,
    refresh: () => broadcaster.refresh(),
    get isDraining() {
      return isDraining
    },
    /** Tells every client to come back in its own moment of the next seconds, then closes. */
    async drain(spreadMs: number) {
      isDraining = true
      for (const connection of hub.connections) {
        connection.sendJson({
          type: 'drain',
          retryInMs: Math.round(500 + Math.random() * spreadMs),
        })
      }
      // What is under way is answered before its socket goes.
      await waitUntil(() => ![...hub.connections].some(({ inFlight }) => inFlight > 0), 3_000)
      for (const connection of hub.connections) connection.close(closeCodes.draining, 'draining')
      // Cut off while they still send, clients would lose the answers that are on their way.
      await waitUntil(() => hub.connections.size === 0, 1_000)
    },
    stop() {
      isDraining = true
      clearInterval(pulse)
      clearInterval(watch)
      broadcaster.stop()
      unsubscribe()
      for (const connection of hub.connections) connection.terminate()
    },
  }
}

async function waitUntil(isSo: () => boolean, patienceMs: number) {
  const until = Date.now() + patienceMs
  while (!isSo() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
}

export type Realtime = Awaited<ReturnType<typeof createRealtime>>

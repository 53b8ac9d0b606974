import { closeCodes } from '../../shared/protocol/errors.ts'
import type { BusMessage } from '../bus/bus.ts'
import type { EventTable } from '../store/schema.ts'
import { toAgentEvent, toVisitorEvent } from '../views/timeline-view.ts'
import { type Connection, keepAlive } from './connection.ts'

/**
 * The sockets of this node, by what they want to hear. Hands committed events to those that may see them;
 * encodes each once per audience. Decides nothing: who may subscribe was decided before.
 */
export class Hub {
  readonly connections = new Set<Connection>()
  readonly #bySubscription = new Map<string, Set<Connection>>()
  readonly #byVisitor = new Map<string, Set<Connection>>()
  readonly #byAgent = new Map<string, Set<Connection>>()
  readonly #bySite = new Map<string, Set<Connection>>()
  /** Event frames of messages handed to sockets, for /metrics. */
  delivered = 0
  /** Called when a known visitor's first socket comes. */
  onVisitor: (visitorId: string) => void = () => {}

  add(connection: Connection) {
    this.connections.add(connection)
  }

  /** Files a connection under who it turned out to be. */
  identify(connection: Connection) {
    const { caller } = connection
    if (caller?.kind === 'agent') put(this.#byAgent, caller.agentId, connection)
    if (caller?.kind === 'visitor') {
      put(this.#bySite, caller.siteId, connection)
      if (caller.visitorId === undefined) return
      const isFirst = !this.#byVisitor.has(caller.visitorId)
      put(this.#byVisitor, caller.visitorId, connection)
      if (isFirst) this.onVisitor(caller.visitorId)
    }
  }

  remove(connection: Connection) {
    this.connections.delete(connection)
    for (const id of connection.subscriptions.keys()) {
      drop(this.#bySubscription, id, connection)
    }
    const { caller } = connection
    if (caller?.kind === 'agent') drop(this.#byAgent, caller.agentId, connection)
    if (caller?.kind === 'visitor') {
      drop(this.#bySite, caller.siteId, connection)
      if (caller.visitorId !== undefined) drop(this.#byVisitor, caller.visitorId, connection)
    }
  }

  /** Before reading, so that nothing falls between what is read and what is live (D4). */
  subscribe(connection: Connection, conversationId: string) {
    if (connection.subscriptions.has(conversationId)) return
    connection.subscriptions.set(conversationId, 0)
    put(this.#bySubscription, conversationId, connection)
  }

  unsubscribe(connection: Connection, conversationId: string) {
    connection.subscriptions.delete(conversationId)
    drop(this.#bySubscription, conversationId, connection)
  }

  subscribersOf(conversationId: string): ReadonlySet<Connection> {
    return this.#bySubscription.get(conversationId) ?? none
  }

  ofAgent(agentId: string): ReadonlySet<Connection> {
    return this.#byAgent.get(agentId) ?? none
  }

  ofVisitor(visitorId: string): ReadonlySet<Connection> {
    return this.#byVisitor.get(visitorId) ?? none
  }

  ofSite(siteId: string): ReadonlySet<Connection> {
    return this.#bySite.get(siteId) ?? none
  }

  *agents(): Iterable<Connection> {
    for (const connections of this.#byAgent.values()) yield* connections
  }

  *sites(): Iterable<[string, ReadonlySet<Connection>]> {
    yield* this.#bySite
  }

  isVisitorHere(visitorId: string) {
    return this.#byVisitor.has(visitorId)
  }

  /** Hands what goes to the subscribers of one conversation to them. */
  hear(message: BusMessage) {
    if (message.type === 'event') this.#deliver(message.event, message.origin)
    else if (message.type === 'typing') {
      const { origin, isForVisitor, ...push } = message
      this.#passOn(push, isForVisitor ? push : undefined, origin)
    } else if (message.type === 'read') {
      const { origin, visitorSeq, ...push } = message
      this.#passOn(push, visitorSeq === null ? undefined : { ...push, seq: visitorSeq }, origin)
    } else if (message.type === 'sessions.ended') this.endSessions(new Set(message.sessionIds))
  }

  endSessions(sessionIds: ReadonlySet<string>) {
    for (const connection of this.agents()) {
      if (connection.caller?.kind === 'agent' && sessionIds.has(connection.caller.sessionId)) {
        connection.bye('signed-out', 'You were signed out.', closeCodes.signedOut)
      }
    }
  }

  #deliver(event: EventTable, origin: string | undefined) {
    const subscribers = this.#bySubscription.get(event.conversation_id)
    if (!subscribers) return
    let forAgents: string | undefined
    let forVisitor: string | undefined
    for (const connection of subscribers) {
      if (connection.id === origin && event.author_kind !== null) continue
      // Read by the resume that was under way when this was committed.
      if ((connection.subscriptions.get(event.conversation_id) ?? 0) >= event.seq) continue
      if (connection.kind === 'agent') {
        forAgents ??= JSON.stringify({ type: 'event', event: toAgentEvent(event) })
        connection.send(forAgents)
      } else {
        if (event.visitor_prev === null) continue
        forVisitor ??= JSON.stringify({ type: 'event', event: toVisitorEvent(event) })
        connection.send(forVisitor)
      }
      if (event.type === 'message') this.delivered += 1
    }
  }

  #passOn(
    forAgents: { conversationId: string },
    forVisitor: object | undefined,
    origin: string | undefined,
  ) {
    const subscribers = this.#bySubscription.get(forAgents.conversationId)
    if (!subscribers) return
    const agentFrame = JSON.stringify(forAgents)
    const visitorFrame = forVisitor && JSON.stringify(forVisitor)
    for (const connection of subscribers) {
      const frame = connection.kind === 'agent' ? agentFrame : visitorFrame
      if (frame !== undefined && connection.id !== origin) connection.send(frame)
    }
  }

  keepAlive(now: number) {
    for (const connection of this.connections) keepAlive(connection, now)
  }
}

const none: ReadonlySet<Connection> = new Set()

function put(map: Map<string, Set<Connection>>, key: string, connection: Connection) {
  const set = map.get(key)
  if (set) set.add(connection)
  else map.set(key, new Set([connection]))
}

function drop(map: Map<string, Set<Connection>>, key: string, connection: Connection) {
  const set = map.get(key)
  if (!set) return
  set.delete(connection)
  if (set.size === 0) map.delete(key)
}

import type { Logger } from 'pino'

import type { Bus } from './bus/bus.ts'
import type { Store } from './store/store.ts'

/** What every action needs, handed in. */
export interface Context {
  store: Store
  bus: Bus
  /** Milliseconds UTC. */
  now: () => number
  /** A random opaque id, 126 bits. */
  newId: () => string
  log: Logger
  /** This process, among those that share the store. */
  nodeId: string
  publicUrl: string
  /** How long an offer rings. */
  offerMs: number
  /** How long a lost agent keeps their chats. */
  graceMs: number
}

/** A socket of a visitor. `visitorId` is undefined until their first message creates them. */
export interface VisitorCaller {
  kind: 'visitor'
  siteId: string
  tokenHash: string
  visitorId: string | undefined
  browser: string | null
  connectionId: string
  /**
   * Throws when too many conversations began where this visitor is. Asked in the transaction: a question before it
   * would let the visitor's next message overtake the first.
   */
  assertMayStart: () => void
}

/** A signed-in agent, over a socket or HTTP. */
export interface AgentCaller {
  kind: 'agent'
  agentId: string
  name: string
  role: 'admin' | 'supervisor' | 'agent'
  departmentIds: readonly string[]
  sessionId: string
  connectionId?: string
}

export type Caller = VisitorCaller | AgentCaller

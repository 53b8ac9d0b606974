import { createConnection } from '../../shared/connection/connection.ts'
import type {
  OpenSocket,
  OutboxEntry,
  OutboxStorage,
  Timers,
} from '../../shared/connection/types.ts'
import { answerSchemas, makeDecoder } from '../../shared/protocol/codec.ts'
import {
  visitorPushSchemas,
  type VisitorPush,
  type VisitorWelcome,
} from '../../shared/protocol/events.ts'

/** A visitor's connection over any socket. */
export function createTestVisitor(openSocket: OpenSocket, timers: Timers, hello: object = {}) {
  return createConnection<VisitorWelcome, VisitorPush>({
    openSocket,
    hello: () => ({ type: 'hello', ...hello }),
    decodePush: makeDecoder({ ...visitorPushSchemas, ...answerSchemas }),
    timers,
  })
}

/** Storage of one browser, shared by its tabs. Entries are copied, as a real one does. */
export function createTestStorage(): OutboxStorage & { size: number } {
  const stored = new Map<string, string>()
  return {
    load: () => [...stored.values()].map((text) => JSON.parse(text) as OutboxEntry),
    put: (entry) => void stored.set(entry.clientId, JSON.stringify(entry)),
    remove: (clientId) => void stored.delete(clientId),
    get size() {
      return stored.size
    },
  }
}

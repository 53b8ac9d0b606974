import type { OutboxEntry, OutboxStorage } from '../../shared/connection/types.ts'

/** What a browser's storage is to a widget: it outlives the client that wrote into it. */
export function createOutboxStorage(): OutboxStorage {
  const stored = new Map<string, string>()
  return {
    load: () => [...stored.values()].map((text) => JSON.parse(text) as OutboxEntry),
    put: (entry) => void stored.set(entry.clientId, JSON.stringify(entry)),
    remove: (clientId) => void stored.delete(clientId),
  }
}

import type { OutboxEntry, OutboxStorage } from '../../shared/connection/types.ts'
import { outboxKey } from '../mount-types.ts'
import type { Kept } from './storage.ts'

/** One key for each entry, so that two tabs never overwrite each other's. */
export function openOutboxStorage(kept: Kept): OutboxStorage {
  return {
    load() {
      const entries = kept.keys(outboxKey).map((key) => parse(kept.get(key)))
      return entries.filter((entry) => entry !== undefined).sort(byTime)
    },
    put: (entry) => kept.set(outboxKey + entry.clientId, JSON.stringify(entry)),
    remove: (clientId) => kept.remove(outboxKey + clientId),
  }
}

const byTime = (a: OutboxEntry, b: OutboxEntry) => a.createdAt - b.createdAt

/** Storage belongs to the page's origin: what stands there need not be ours. */
function parse(text: string | undefined): OutboxEntry | undefined {
  try {
    const entry = JSON.parse(text ?? '') as Partial<OutboxEntry>
    const { clientId, conversationId, text: words, createdAt } = entry
    const isOurs = [clientId, conversationId, words].every((field) => typeof field === 'string')
    return isOurs && typeof createdAt === 'number' ? (entry as OutboxEntry) : undefined
  } catch {
    return undefined
  }
}

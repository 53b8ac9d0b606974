import { signal } from '@preact/signals'

import type { Outbox, OutboxEntry } from '../../shared/connection/types.ts'
import type { Keep } from '../surroundings/keep.ts'
import { toOutboxPrefix } from './outbox-storage.ts'

export interface OutboxModel {
  /** What is not acknowledged yet in a conversation; reading it follows the changes. */
  of(conversationId: string): readonly OutboxEntry[]
  send(conversationId: string, kind: OutboxEntry['kind'], text: string): void
  retry(clientId: string): void
  discard(clientId: string): void
  stop(): void
}

/** The shared outbox, as signals, kept in step with the other tabs of this agent. */
export function createOutboxModel(outbox: Outbox, keep: Keep, agentId: string): OutboxModel {
  const entries = signal<readonly OutboxEntry[]>([...outbox.entries])
  const stopChange = outbox.onChange(() => {
    entries.value = [...outbox.entries]
  })
  const prefix = toOutboxPrefix(agentId)
  const stopForeign = keep.onForeignChange((name) => {
    if (name.startsWith(prefix)) outbox.reload()
  })

  return {
    of: (conversationId) =>
      entries.value.filter((entry) => entry.conversationId === conversationId),
    send(conversationId, kind, text) {
      outbox.add({ conversationId, kind, text })
    },
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    stop() {
      stopChange()
      stopForeign()
      outbox.stop()
    },
  }
}

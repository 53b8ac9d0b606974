import * as v from 'valibot'

import type { OutboxEntry, OutboxStorage } from '../../shared/connection/types.ts'
import { limits } from '../../shared/protocol/limits.ts'
import { idSchema } from '../../shared/protocol/primitives.ts'
import type { Keep } from '../surroundings/keep.ts'

/** What lies in storage may be of an older version, or another's: it is checked like a frame. */
const entrySchema = v.object({
  clientId: idSchema,
  conversationId: idSchema,
  kind: v.picklist(['message', 'note']),
  text: v.pipe(v.string(), v.maxLength(limits.messageText)),
  createdAt: v.number(),
  state: v.picklist(['sending', 'failed']),
  code: v.optional(v.string()),
})

/** The outbox of one agent, an entry a name, so that two tabs never overwrite each other. */
export function createOutboxStorage(keep: Keep, agentId: string): OutboxStorage {
  const prefix = toOutboxPrefix(agentId)
  return {
    load() {
      const entries: OutboxEntry[] = []
      for (const name of keep.names(prefix)) {
        const entry = readEntry(keep.read(name))
        if (entry) entries.push(entry)
        else keep.remove(name)
      }
      return entries.sort((a, b) => a.createdAt - b.createdAt)
    },
    put: (entry) => keep.write(prefix + entry.clientId, JSON.stringify(entry)),
    remove: (clientId) => keep.remove(prefix + clientId),
  }
}

export const toOutboxPrefix = (agentId: string) => `outbox.${agentId}.`

function readEntry(text: string | undefined): OutboxEntry | undefined {
  try {
    const { code, ...entry } = v.parse(entrySchema, JSON.parse(text ?? ''))
    return code === undefined ? entry : { ...entry, code }
  } catch {
    return undefined
  }
}

import type { Keep } from '../surroundings/keep.ts'

export type DraftKind = 'reply' | 'note'

export interface Drafts {
  read(conversationId: string, kind: DraftKind): string
  write(conversationId: string, kind: DraftKind, text: string): void
}

/** The oldest go when there are more: a browser's storage is small. */
const most = 200

/** What was typed and not sent, per agent and conversation. Outlives reload and sign-out. */
export function createDrafts(keep: Keep, agentId: string): Drafts {
  const prefix = `draft.${agentId}.`
  const toName = (conversationId: string, kind: DraftKind) => `${prefix}${conversationId}.${kind}`

  const prune = () => {
    const names = keep.names(prefix)
    for (const name of names.slice(0, Math.max(0, names.length - most))) keep.remove(name)
  }
  return {
    read: (conversationId, kind) => keep.read(toName(conversationId, kind)) ?? '',
    write(conversationId, kind, text) {
      const name = toName(conversationId, kind)
      if (text === '') return keep.remove(name)
      if (keep.read(name) === undefined) prune()
      keep.write(name, text)
    },
  }
}

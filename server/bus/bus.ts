import type { EventTable } from '../store/schema.ts'

/**
 * What one part tells the others after a commit. Hints, not truth: whoever misses one finds the same by reading
 * the store. `origin` is the connection that caused it and was answered already.
 */
export type BusMessage =
  | { type: 'event'; event: EventTable; origin?: string | undefined }
  | {
      type: 'read'
      conversationId: string
      by: 'visitor' | 'agent'
      seq: number
      /** The mark as the visitor may know it; null where it tells them nothing new. */
      visitorSeq: number | null
      origin?: string | undefined
    }
  | {
      type: 'typing'
      conversationId: string
      by: { kind: 'visitor' | 'agent'; id: string }
      isTyping: boolean
      text?: string
      /** Typing of who does not hold the conversation may well become a note. */
      isForVisitor: boolean
      origin?: string | undefined
    }
  /** A conversation's projection changed: its row in lists and, when restructured, what its visitor is told of it. */
  | { type: 'conversation'; conversationId: string; isRestructured: boolean }
  /** What the details pane shows changed. */
  | { type: 'details'; conversationId: string }
  | { type: 'offer'; conversationId: string; offerId: string; agentId: string }
  | { type: 'offer.gone'; conversationId: string; offerId: string; agentId: string }
  /** Something changed that routing decides by. */
  | { type: 'routing' }
  /** Who is there, with what status and how much to do. */
  | { type: 'colleagues' }
  | { type: 'me'; agentId: string }
  /** An agent's role, departments or permission to be here changed. */
  | { type: 'rights'; agentId: string }
  | { type: 'sessions.ended'; sessionIds: readonly string[] }
  | { type: 'site'; siteId: string }

export interface Bus {
  publish(message: BusMessage): void
  subscribe(listener: (message: BusMessage) => void): () => void
}

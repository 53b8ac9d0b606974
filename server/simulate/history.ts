import type { ConversationStatus } from '../../shared/protocol/conversation.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'

/*
 * What the players of a trial saw, written down by themselves. The verdict is reached from this alone:
 * it asks the server nothing, so that the server cannot excuse itself.
 */

/** Who a view is for: visitors see no notes and nothing of the routing. */
export type Audience = 'visitor' | 'agent'

/** A player handed a message to their outbox. A later entry of the same clientId is a repeat, no new message. */
export interface SentEntry {
  kind: 'sent'
  by: string
  conversationId: string
  clientId: string
  text: string
  at: number
}

/** The server acknowledged it: from here on it must be there, whatever happens. */
export interface AckedEntry {
  kind: 'acked'
  by: string
  conversationId: string
  clientId: string
  id: string
  seq: number
  text: string
  at: number
}

/** The server refused it for good, and the player was told. */
export interface RefusedEntry {
  kind: 'refused'
  by: string
  conversationId: string
  clientId: string
  code: string
  at: number
}

/** One event as it came out of a feed. A client that starts anew starts a new feed. */
export interface ReceivedEntry {
  kind: 'received'
  feed: string
  audience: Audience
  event: TimelineEvent
  at: number
}

/** The server pushed an event over a link that had carried it before, in a push, a resume or an answer. */
export interface PushedAgainEntry {
  kind: 'pushed-again'
  by: string
  conversationId: string
  seq: number
  at: number
}

/** The trial is quiet, and this feed is still open: it should have everything. */
export interface CaughtUpEntry {
  kind: 'caught-up'
  feed: string
  audience: Audience
  conversationId: string
}

/** The whole history as a newcomer reads it after the trial. */
export interface FinalEntry {
  kind: 'final'
  audience: Audience
  conversationId: string
  events: readonly TimelineEvent[]
}

/** An agent was told that the conversation is theirs, or that somebody else has it. */
export interface ClaimEntry {
  kind: 'claim'
  agentId: string
  conversationId: string
  isWon: boolean
  /** The seq of the winner's `assigned` event, where the answer tells it. */
  seq: number | null
  at: number
}

/** How many conversations an agent may hold; the largest value of the trial counts. */
export interface CapacityEntry {
  kind: 'capacity'
  agentId: string
  capacity: number
}

/** How a conversation stands when the trial is quiet and every grace is over. */
export interface StandingEntry {
  kind: 'standing'
  conversationId: string
  status: ConversationStatus
  assigneeId: string | null
  isAssigneePresent: boolean
  offerDeadlineAt: number | null
  at: number
}

export type Entry =
  | SentEntry
  | AckedEntry
  | RefusedEntry
  | ReceivedEntry
  | PushedAgainEntry
  | CaughtUpEntry
  | FinalEntry
  | ClaimEntry
  | CapacityEntry
  | StandingEntry

export type History = readonly Entry[]

/** The entries of one kind, in the order in which they were written. */
export function entriesOf<Kind extends Entry['kind']>(history: History, kind: Kind) {
  return history.filter((entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind)
}

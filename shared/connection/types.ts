import type { StartFacts } from '../protocol/commands.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { TimelineEvent } from '../protocol/timeline-event.ts'

/** Time and chance come in from outside: tests hold them, and `shared` stays pure. */
export interface Timers {
  /** Milliseconds UTC. */
  now(): number
  /** Calls once after `ms`; the result cancels it. */
  after(ms: number, call: () => void): () => void
  /** 0 ≤ x < 1. */
  random(): number
}

/** A socket as the connection needs it: a WebSocket, a tunnel to another tab, or a test's pair. */
export interface SocketLike {
  send(text: string): void
  close(code?: number, reason?: string): void
}
export interface SocketEvents {
  onOpen(): void
  onText(text: string): void
  onClose(code: number, reason: string): void
}
/** Calls back later, never from within: the socket must be in the caller's hands first. */
export type OpenSocket = (events: SocketEvents) => SocketLike

export type LinkState =
  | { kind: 'idle' }
  | { kind: 'connecting' }
  | { kind: 'online' }
  /** Lost; the next try starts at `retryAt`. */
  | { kind: 'waiting'; retryAt: number }
  /** The server said no in a way that trying again does not change (signed out, version not served, origin). */
  | { kind: 'refused'; code: string; message: string }

export type Unsubscribe = () => void

/** Why a request did not succeed. `disconnected`: the answer is unknown; a repeat with the same clientId settles it. */
export interface RequestFailure {
  code: ErrorCode | 'disconnected' | (string & {})
  message: string
  isRetryable: boolean
  retryAfterMs?: number
  holder?: string
}

export interface Connection<Welcome, Push> {
  readonly state: LinkState
  start(): void
  /** Closes and stays closed until `start`. */
  stop(): void
  /** `online`, `visibilitychange`, `pageshow`: retry now, or probe a link that may be dead. */
  wake(): void
  /** Rejects with a RequestFailure. `ref` is added here. */
  request<Result>(command: { type: string; [field: string]: unknown }): Promise<Result>
  onState(listener: (state: LinkState) => void): Unsubscribe
  onWelcome(listener: (welcome: Welcome) => void): Unsubscribe
  /** Every push but `welcome`, `ping`, `drain` and `bye`, which the connection handles. */
  onPush(listener: (push: Push) => void): Unsubscribe
}

/** A message that is not acknowledged yet. */
export interface OutboxEntry {
  clientId: string
  conversationId: string
  kind: 'message' | 'note'
  text: string
  start?: StartFacts
  createdAt: number
  /** `sending` until acknowledged; `failed` is shown as "Not sent – Try again". */
  state: 'sending' | 'failed'
  /** Why it failed. */
  code?: string
}

/** Where the outbox survives a reload. Must never throw: without storage it keeps in memory. */
export interface OutboxStorage {
  load(): OutboxEntry[]
  put(entry: OutboxEntry): void
  remove(clientId: string): void
}

/** Calls back when the conversation shows what was accepted: at once, unless something before it is missing. */
export type WhenShown = (call: () => void) => void

export interface Outbox {
  /** With what is acknowledged already but, as `onSent` was told, not yet shown by its conversation. */
  readonly entries: readonly OutboxEntry[]
  add(entry: Pick<OutboxEntry, 'conversationId' | 'kind' | 'text' | 'start'>): OutboxEntry
  retry(clientId: string): void
  discard(clientId: string): void
  /** Another tab changed the storage: take over what is new, drop what it acknowledged. */
  reload(): void
  onChange(listener: () => void): Unsubscribe
  /**
   * It is acknowledged. The entry stays until the listener's result, if any, calls back: so a message is never
   * gone from the screen between the two. Draw what is in both only once, by `clientId`.
   */
  onSent(listener: (entry: OutboxEntry, event: TimelineEvent) => WhenShown | void): Unsubscribe
  stop(): void
}

/** One conversation as this client has it: complete up to `lastSeq`, in order, once. */
export interface Feed {
  readonly conversationId: string
  readonly events: readonly TimelineEvent[]
  readonly visitorReadSeq: number
  readonly agentReadSeq: number
  /** False until the first resume has arrived. */
  readonly isLoaded: boolean
  /** Set when the server refuses (`not-found` before the first message is sent is not an error). */
  readonly failure: RequestFailure | undefined
  onChange(listener: () => void): Unsubscribe
  close(): void
}

/** Keeps every open feed complete over reconnects, gaps and resyncs. */
export interface Sync {
  open(conversationId: string): Feed
  /** Feeds an event that came as an answer (an ack, or another tab's). */
  accept(event: TimelineEvent): WhenShown
  stop(): void
}

import type { Kysely } from 'kysely'

import type {
  ConversationTable,
  ConversationWithVisitor,
  EventTable,
  Schema,
  VisitorTable,
} from './schema.ts'

/** Queries; inside a transaction or on committed data. */
export type Db = Kysely<Schema>

/**
 * The statements that every message passes through, prepared once per database.
 * The rest of the SQL is Kysely, which costs several times as much CPU per statement.
 */
export interface HotWrites {
  /** Reads a conversation and holds it until the transaction ends. */
  lockConversation(id: string): Promise<ConversationTable | undefined>
  findVisitorByTokenHash(siteId: string, tokenHash: string): Promise<VisitorTable | undefined>
  findEventByClientId(
    conversationId: string,
    authorId: string,
    clientId: string,
  ): Promise<EventTable | undefined>
  insertEvent(event: EventTable): Promise<void>
  /** Writes what a message changes; no indexed column is among it. */
  touchConversation(conversation: ConversationTable): Promise<void>
}

export interface HotReads {
  findVisitorByTokenHash(siteId: string, tokenHash: string): Promise<VisitorTable | undefined>
  findConversation(id: string): Promise<ConversationTable | undefined>
  /** With what lists show of the visitor. */
  findConversationWithVisitor(id: string): Promise<ConversationWithVisitor | undefined>
  listVisitorConversations(visitorId: string, limit: number): Promise<ConversationTable[]>
  listEvents(conversationId: string, after: number, limit: number): Promise<EventTable[]>
  listVisitorEvents(conversationId: string, after: number, limit: number): Promise<EventTable[]>
}

/** A transaction. Nothing but its own statements may be awaited inside it. */
export interface Tx {
  readonly db: Db
  readonly hot: HotWrites
}

/** What the store can tell of itself, for /metrics. */
export interface StoreObserver {
  onCommit(transactions: number): void
}

export interface Store {
  /**
   * Runs `work` in a transaction and resolves when it is durable. Throwing rolls back this work alone.
   * Rejects with StoreUnavailable when the database can't write now; nothing was written then.
   */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** Committed data only. */
  readonly read: Db
  readonly hotRead: HotReads
  /** True once for every time that another process has written since the last call. */
  hasForeignChange(): boolean
  /** Throws when the database does not answer. */
  ping(): Promise<void>
  observe(observer: StoreObserver): void
  /** Finishes what is under way, then closes. */
  close(): Promise<void>
}

/** The database refused to write for a reason that can pass (disk full, locked). Nothing was written. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}

/** The database can't be used, in a sentence for the operator. The process must end. */
export class StoreFailure extends Error {
  override name = 'StoreFailure'
  readonly reason: 'not-writable' | 'newer' | 'corrupt' | 'in-use' | 'settings' | 'io'
  constructor(reason: StoreFailure['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

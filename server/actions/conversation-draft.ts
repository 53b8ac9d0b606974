import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { Context } from '../context.ts'
import { updateConversation } from '../store/conversations.ts'
import type { ConversationTable, EventTable } from '../store/schema.ts'
import type { Tx } from '../store/store.ts'
import { isForVisitors } from '../views/timeline-view.ts'

type Body<Type extends TimelineEvent['type']> = Omit<
  Extract<TimelineEvent, { type: Type }>,
  'conversationId' | 'id' | 'seq' | 'prev' | 'at' | 'type'
>

export interface Author {
  kind: 'visitor' | 'agent'
  id: string
  name: string | null
}

/**
 * A conversation that is being changed: locked, with the events that the change adds.
 * The row and the events are written together by `write`, and told to others by `announce` after the commit.
 */
export class ConversationDraft {
  readonly row: ConversationTable
  readonly events: EventTable[] = []
  /** Set when something that is indexed or that routing looks at changed. */
  isRestructured = false
  readonly #at: number
  readonly #newId: () => string

  constructor(row: ConversationTable, { now, newId }: Pick<Context, 'now' | 'newId'>) {
    this.row = { ...row }
    // Never before what is there already, even when the clock was set back: order and time agree.
    this.#at = Math.max(now(), row.updated_at)
    this.#newId = newId
  }

  get at() {
    return this.#at
  }

  addWords(type: 'message' | 'note', author: Author, clientId: string, text: string): EventTable {
    return this.#append(type, {
      author_kind: author.kind,
      author_id: author.id,
      author_name: author.name,
      client_id: clientId,
      text,
      body: null,
    })
  }

  add<Type extends Exclude<TimelineEvent['type'], 'message' | 'note'>>(
    type: Type,
    body: Body<Type>,
  ): EventTable {
    return this.#append(type, {
      author_kind: null,
      author_id: null,
      author_name: null,
      client_id: null,
      text: null,
      body: JSON.stringify(body),
    })
  }

  /** Changes what lists and routing look at. */
  set(change: Partial<ConversationTable>) {
    Object.assign(this.row, change)
    this.isRestructured = true
  }

  async write(tx: Tx) {
    this.row.updated_at = this.#at
    // Restructured rows are few; a message alone takes the prepared way.
    if (this.isRestructured) await updateConversation(tx.db, this.row)
    else await tx.hot.touchConversation(this.row)
    for (const event of this.events) await tx.hot.insertEvent(event)
  }

  #append(
    type: TimelineEvent['type'],
    rest: Pick<
      EventTable,
      'author_kind' | 'author_id' | 'author_name' | 'client_id' | 'text' | 'body'
    >,
  ): EventTable {
    const seq = this.row.last_seq + 1
    const isVisible = isForVisitors(type)
    const event: EventTable = {
      conversation_id: this.row.id,
      seq,
      visitor_prev: isVisible ? this.row.visitor_last_seq : null,
      id: this.#newId(),
      type,
      at: this.#at,
      ...rest,
    }
    this.row.last_seq = seq
    if (isVisible) this.row.visitor_last_seq = seq
    this.events.push(event)
    return event
  }
}

/** Locks a conversation for a change; undefined where there is none. */
export async function lockForChange(
  tx: Tx,
  context: Pick<Context, 'now' | 'newId'>,
  conversationId: string,
): Promise<ConversationDraft | undefined> {
  const row = await tx.hot.lockConversation(conversationId)
  return row && new ConversationDraft(row, context)
}

/** Tells everyone what a committed change did. Only after the commit: nobody may see what could still roll back. */
export function announce({ bus }: Pick<Context, 'bus'>, draft: ConversationDraft, origin?: string) {
  for (const event of draft.events) bus.publish({ type: 'event', event, origin })
  bus.publish({
    type: 'conversation',
    conversationId: draft.row.id,
    isRestructured: draft.isRestructured,
  })
  if (draft.isRestructured) bus.publish({ type: 'routing' })
}

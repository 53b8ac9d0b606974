import * as v from 'valibot'

import type { ConversationRow } from '../../shared/protocol/conversation.ts'
import { decodeEvent } from '../../shared/protocol/decode-event.ts'
import { listedSchema, resumedSchema } from '../../shared/protocol/events.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { AgentClient, VisitorClient } from './client.ts'

type Asker = Pick<AgentClient | VisitorClient, 'connection'>

/** Resolves when the client is online; rejects when the server will not have it, or after `withinMs`. */
export function untilOnline({ connection }: Asker, withinMs = 60_000) {
  return new Promise<void>((resolve, reject) => {
    const look = () => {
      const { state } = connection
      if (state.kind === 'online') finish(resolve)
      if (state.kind === 'refused') finish(() => reject(new Error(state.message)))
    }
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      unsubscribe()
      settle()
    }
    const timer = setTimeout(
      () => finish(() => reject(new Error(`No connection within ${withinMs / 1_000} s.`))),
      withinMs,
    )
    const unsubscribe = connection.onState(look)
    look()
  })
}

/** A conversation from its first event, page by page, as a newcomer reads it. */
export async function readConversation(client: Asker, conversationId: string) {
  const events: TimelineEvent[] = []
  for (;;) {
    const page = await request(client, resumedSchema, {
      type: 'conversation.resume',
      conversationId,
      after: events.at(-1)?.seq ?? 0,
    })
    events.push(...page.events.flatMap((raw) => decodeEvent(raw) ?? []))
    if (!page.hasMore || page.events.length === 0) return events
  }
}

/** The rows of these conversations, wherever in an agent's lists they stand. */
export async function readRows(client: Asker, conversationIds: ReadonlySet<string>) {
  const found = new Map<string, ConversationRow>()
  for (const view of ['mine', 'queue', 'team', 'closed'] as const) {
    let cursor: string | null = null
    do {
      const page: v.InferOutput<typeof listedSchema> = await request(client, listedSchema, {
        type: 'conversation.list',
        view,
        ...(cursor === null ? {} : { cursor }),
      })
      for (const row of page.rows) if (conversationIds.has(row.id)) found.set(row.id, row)
      cursor = page.nextCursor
    } while (cursor !== null && found.size < conversationIds.size)
  }
  return found
}

const patienceTries = 50

/** Asks until it is answered: a link may break, and a server may ask for patience. */
async function request<Schema extends v.GenericSchema>(
  client: Asker,
  schema: Schema,
  command: { type: string; [field: string]: unknown },
): Promise<v.InferOutput<Schema>> {
  for (let tries = 1; ; tries++) {
    await untilOnline(client)
    try {
      return v.parse(schema, await client.connection.request(command))
    } catch (error) {
      const { isRetryable, retryAfterMs } = error as {
        isRetryable?: boolean
        retryAfterMs?: number
      }
      if (!isRetryable || tries >= patienceTries) throw error
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs ?? 100))
    }
  }
}

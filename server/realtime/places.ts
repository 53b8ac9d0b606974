import type { Context } from '../context.ts'
import { places } from '../rules/place.ts'
import { listWaiting } from '../store/conversations.ts'
import { toPriority } from '../views/conversation-view.ts'

/** Nobody is helped by knowing that they are number 3,000. */
const window = 2_000

/** Where everyone stands in the queue, as last read. */
export class Places {
  #current = new Map<string, number>()
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  of(conversationId: string): number | null {
    return this.#current.get(conversationId) ?? null
  }

  /** Reads the queue again and gives the conversations whose place changed. */
  async reload(): Promise<string[]> {
    const rows = await listWaiting(this.#context.store.read, window)
    const next = places(
      rows.map((row) => ({
        conversationId: row.id,
        departmentId: row.department_id,
        priority: toPriority(row.priority),
        queuedAt: row.queued_at ?? row.created_at,
        isFront: row.is_front === 1,
      })),
    )
    const changed = [...next].filter(([id, place]) => this.#current.get(id) !== place)
    this.#current = next
    return changed.map(([id]) => id)
  }
}

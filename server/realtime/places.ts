import type { Context } from '../context.ts'
import { places } from '../rules/place.ts'
import { listDepartments } from '../store/agents.ts'
import { listPlaces } from '../store/conversations.ts'
import { toPriority } from '../views/conversation-view.ts'

/** Per department. Nobody is helped by knowing that they are number 3,000. */
const window = 1_000

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
  async reload(): Promise<{ id: string; visitorId: string }[]> {
    const { read } = this.#context.store
    const rows = []
    for (const { id: departmentId } of await listDepartments(read)) {
      for (const status of ['queued', 'offered'] as const) {
        rows.push(...(await listPlaces(read, { departmentId, status, limit: window })))
      }
    }
    const next = places(
      rows.map((row) => ({
        conversationId: row.id,
        departmentId: row.department_id,
        priority: toPriority(row.priority),
        queuedAt: row.queued_at ?? row.created_at,
        isFront: row.is_front === 1,
      })),
    )
    const changed = rows.filter(({ id }) => this.#current.get(id) !== next.get(id))
    this.#current = next
    return changed.map((row) => ({ id: row.id, visitorId: row.visitor_id }))
  }
}

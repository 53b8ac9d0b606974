import type { Context } from '../context.ts'
import { listLimbo } from '../store/routing.ts'
import { announce, lockForChange } from './conversation-draft.ts'
import { enqueue } from './transitions.ts'

/**
 * The watchdog (D10): finds open conversations that nobody answers for, puts them back to the front of the
 * queue, and gives how many there were. Zero, always, unless something is broken: so it is counted and logged.
 */
export async function repairLimbo(context: Context): Promise<number> {
  // Looked for on the reading side first: the usual answer is "none", and that must cost no write.
  if ((await listLimbo(context.store.read, 1)).length === 0) return 0
  const drafts = await context.store.transaction(async (tx) => {
    const repaired = []
    for (const { id } of await listLimbo(tx.db, 100)) {
      const draft = await lockForChange(tx, context, id)
      if (!draft) continue
      enqueue(draft, 'repaired', { isFront: true })
      await draft.write(tx)
      repaired.push(draft)
    }
    return repaired
  })
  for (const draft of drafts) {
    context.log.error(
      { conversationId: draft.row.id },
      'a conversation was in limbo; it is back in the queue',
    )
    announce(context, draft)
  }
  return drafts.length
}

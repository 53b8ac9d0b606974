import type { Context } from '../context.ts'
import { listLimbo } from '../store/routing.ts'
import type { ConversationTable } from '../store/schema.ts'
import { announceOfferGone } from './change-hands.ts'
import { announce, type ConversationDraft, lockForChange } from './conversation-draft.ts'
import { enqueue } from './transitions.ts'

/** How long past its time an offer or a lost agent is still left to the routing. */
const patienceMs = 15_000

/**
 * The watchdog (D10): finds open conversations that nobody answers for, puts them back to the front of the
 * queue, and gives how many there were. Zero, always, unless something is broken: so it is counted and logged.
 */
export async function repairLimbo(context: Context): Promise<number> {
  const { graceMs } = context
  const overdueAt = context.now() - patienceMs
  // Looked for on the reading side first: the usual answer is "none", and that must cost no write.
  if ((await listLimbo(context.store.read, { limit: 1, overdueAt, graceMs })).length === 0) return 0
  const drafts = await context.store.transaction(async (tx) => {
    const repaired: { before: ConversationTable; draft: ConversationDraft }[] = []
    for (const { id } of await listLimbo(tx.db, { limit: 100, overdueAt, graceMs })) {
      const draft = await lockForChange(tx, context, id)
      if (!draft) continue
      const before = { ...draft.row }
      enqueue(draft, 'repaired', { isFront: true })
      await draft.write(tx)
      repaired.push({ before, draft })
    }
    return repaired
  })
  for (const { before, draft } of drafts) {
    context.log.error(
      { conversationId: draft.row.id },
      'a conversation was in limbo; it is back in the queue',
    )
    announce(context, draft)
    announceOfferGone(context, before, draft.row)
  }
  return drafts.length
}

import type { AgentCaller, Context, VisitorCaller } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { findAgent } from '../store/agents.ts'
import { countHeldBy } from '../store/conversations.ts'
import { dropRefusals } from '../store/routing.ts'
import type { ConversationTable } from '../store/schema.ts'
import type { Tx } from '../store/store.ts'
import { announce, type ConversationDraft, lockForChange } from './conversation-draft.ts'
import { agentMaySee, assertMaySee } from './may-see.ts'
import { assignTo, close, enqueue } from './transitions.ts'

/** How long somebody who declined or let an offer pass is not asked again for the same chat. */
export const refusalMs = 120_000

/** Locks, lets `change` work on the draft, writes it and tells everyone. */
async function changeAsAgent(
  context: Context,
  caller: AgentCaller,
  conversationId: string,
  change: (tx: Tx, draft: ConversationDraft) => Promise<void> | void,
) {
  const { before, draft } = await context.store.transaction(async (tx) => {
    const draft = await lockForChange(tx, context, conversationId)
    if (!draft || !agentMaySee(caller, draft.row)) throw notFound()
    const before = { ...draft.row }
    await change(tx, draft)
    if (draft.events.length > 0) await draft.write(tx)
    return { before, draft }
  })
  if (draft.events.length === 0) return
  announce(context, draft)
  announceOfferGone(context, before, draft.row)
}

/** An offer that this change ended stops ringing wherever it rings. */
export function announceOfferGone(
  { bus }: Pick<Context, 'bus'>,
  before: ConversationTable,
  after: ConversationTable,
) {
  if (before.offer_id === null || before.offer_id === after.offer_id) return
  bus.publish({
    type: 'offer.gone',
    conversationId: before.id,
    offerId: before.offer_id,
    agentId: before.offer_agent_id ?? '',
  })
}

/** Accepts an offer before its deadline. Repeating it, from another tab too, changes nothing. */
export function acceptOffer(
  context: Context,
  caller: AgentCaller,
  { conversationId, offerId }: { conversationId: string; offerId: string },
) {
  return changeAsAgent(context, caller, conversationId, async (tx, draft) => {
    if (draft.row.assignee_id === caller.agentId && draft.row.status === 'assigned') return
    const isMine = draft.row.offer_id === offerId && draft.row.offer_agent_id === caller.agentId
    if (!isMine) await throwGone(tx, draft)
    await assertRoom(tx, caller)
    await take(tx, draft, caller, 'accepted')
  })
}

/** Takes a waiting conversation, whoever it was offered to. One wins; the others are told who. */
export function claimConversation(context: Context, caller: AgentCaller, conversationId: string) {
  return changeAsAgent(context, caller, conversationId, async (tx, draft) => {
    if (draft.row.assignee_id === caller.agentId && draft.row.status === 'assigned') return
    if (draft.row.status !== 'queued' && draft.row.status !== 'offered') await throwGone(tx, draft)
    await assertRoom(tx, caller)
    await take(tx, draft, caller, 'claimed')
  })
}

async function take(
  { db }: Tx,
  draft: ConversationDraft,
  { agentId, name }: AgentCaller,
  how: 'accepted' | 'claimed' | 'reopened',
) {
  assignTo(draft, { id: agentId, name }, how)
  await dropRefusals(db, draft.row.id)
  await db
    .updateTable('agent')
    .set({ last_assigned_at: draft.at })
    .where('id', '=', agentId)
    .execute()
}

/** Counted under the lock of the agent's row, so that two claims at once can't both find the last free place. */
async function assertRoom({ db }: Tx, { agentId }: AgentCaller) {
  await db
    .updateTable('agent')
    .set((eb) => ({ capacity: eb.ref('capacity') }))
    .where('id', '=', agentId)
    .execute()
  const agent = await findAgent(db, agentId)
  if (!agent || agent.disabled_at !== null) throw new AppError('signed-out', 'You are signed out.')
  if ((await countHeldBy(db, agentId)) >= agent.capacity) {
    throw new AppError(
      'over-capacity',
      `You hold ${agent.capacity} conversations, which is your limit. Close one, or raise the limit.`,
    )
  }
}

async function throwGone({ db }: Tx, { row }: ConversationDraft): Promise<never> {
  if (row.status === 'assigned' && row.assignee_id !== null) {
    const holder = await findAgent(db, row.assignee_id)
    throw new AppError('already-claimed', `${holder?.name ?? 'Somebody else'} has this one.`, {
      holder: holder?.name ?? '',
    })
  }
  if (row.status === 'closed') {
    throw new AppError('conversation-closed', 'This conversation is closed.')
  }
  throw new AppError('offer-gone', 'This offer is over; the chat went on to somebody else.')
}

/** Sends an offer on to the next. */
export function declineOffer(
  context: Context,
  caller: AgentCaller,
  offer: { conversationId: string; offerId: string; reason?: string | undefined },
) {
  return changeAsAgent(context, caller, offer.conversationId, async (tx, draft) => {
    const { row } = draft
    if (row.offer_id !== offer.offerId || row.offer_agent_id !== caller.agentId) {
      await throwGone(tx, draft)
    }
    const agent = { id: caller.agentId, name: caller.name }
    draft.add('declined', { agent, reason: offer.reason || null })
    enqueue(draft, 'declined')
    await putRefusal(tx, row.id, caller.agentId, draft.at + refusalMs)
  })
}

export async function putRefusal(
  { db }: Tx,
  conversationId: string,
  agentId: string,
  until: number,
) {
  await db
    .insertInto('offer_refusal')
    .values({ conversation_id: conversationId, agent_id: agentId, until })
    .onConflict((conflict) =>
      conflict.columns(['conversation_id', 'agent_id']).doUpdateSet({ until }),
    )
    .execute()
}

/** Ends a conversation. Its holder may, and supervisors. Closing what is closed changes nothing. */
export function closeAsAgent(context: Context, caller: AgentCaller, conversationId: string) {
  return changeAsAgent(context, caller, conversationId, async ({ db }, draft) => {
    if (draft.row.closed_at !== null) return
    const isHolder = draft.row.status === 'assigned' && draft.row.assignee_id === caller.agentId
    if (!isHolder && caller.role === 'agent') {
      throw new AppError('not-allowed', 'Only the agent who holds a conversation closes it.')
    }
    close(draft, 'agent', { id: caller.agentId, name: caller.name })
    await dropRefusals(db, draft.row.id)
  })
}

/** Opens a closed conversation again, in the hands of who asks. */
export function reopenConversation(context: Context, caller: AgentCaller, conversationId: string) {
  return changeAsAgent(context, caller, conversationId, async (tx, draft) => {
    const { row } = draft
    if (row.status === 'assigned' && row.assignee_id === caller.agentId) return
    if (row.closed_at === null) {
      throw new AppError('conversation-not-closed', 'This conversation is open already.')
    }
    await assertRoom(tx, caller)
    draft.add('reopened', { by: 'agent', agent: { id: caller.agentId, name: caller.name } })
    await take(tx, draft, caller, 'reopened')
  })
}

/** A visitor ends their chat. Ending what is ended changes nothing. */
export async function closeAsVisitor(
  context: Context,
  caller: VisitorCaller,
  conversationId: string,
) {
  const { before, draft } = await context.store.transaction(async (tx) => {
    const draft = await lockForChange(tx, context, conversationId)
    assertMaySee(caller, draft?.row)
    if (!draft) throw notFound()
    const before = { ...draft.row }
    if (before.closed_at === null) {
      close(draft, 'visitor', null)
      await dropRefusals(tx.db, draft.row.id)
      await draft.write(tx)
    }
    return { before, draft }
  })
  if (draft.events.length === 0) return
  announce(context, draft)
  announceOfferGone(context, before, draft.row)
}

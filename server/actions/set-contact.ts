import type { Context, VisitorCaller } from '../context.ts'
import { notFound } from '../errors.ts'
import { announce, lockForChange } from './conversation-draft.ts'
import { assertMaySee } from './may-see.ts'

/** A visitor says who they are, or where to answer. What is not given stays as it was. */
export async function setContact(
  context: Context,
  caller: VisitorCaller,
  contact: { conversationId: string; name?: string | undefined; email?: string | undefined },
) {
  const draft = await context.store.transaction(async (tx) => {
    const draft = await lockForChange(tx, context, contact.conversationId)
    assertMaySee(caller, draft?.row)
    if (!draft) throw notFound()
    const name = contact.name || null
    const email = contact.email || null
    if (name === null && email === null) return undefined
    await tx.db
      .updateTable('visitor')
      .set({ ...(name === null ? {} : { name }), ...(email === null ? {} : { email }) })
      .where('id', '=', draft.row.visitor_id)
      .execute()
    draft.add('contact', { name, email })
    await draft.write(tx)
    return draft
  })
  if (!draft) return
  announce(context, draft)
  context.bus.publish({ type: 'details', conversationId: draft.row.id })
}

/** The page a visitor looks at now, for the conversations that they have open. */
export async function setPage(
  context: Context,
  { visitorId }: VisitorCaller,
  page: { url: string; title: string },
) {
  if (visitorId === undefined) return
  // Who comes back to the page that they left costs no write.
  const open = await context.store.hotRead.listVisitorConversations(visitorId, 20)
  const isKnown = (row: (typeof open)[number]) =>
    row.closed_at !== null || (row.page_url === page.url && row.page_title === page.title)
  if (open.every(isKnown)) return
  const ids = await context.store.transaction(async ({ db }) => {
    const rows = await db
      .updateTable('conversation')
      .set({ page_url: page.url, page_title: page.title })
      .where('visitor_id', '=', visitorId)
      .where('closed_at', 'is', null)
      .returning('id')
      .execute()
    return rows.map((row) => row.id)
  })
  for (const conversationId of ids) {
    // Lists do not show the page; details do.
    context.bus.publish({ type: 'details', conversationId })
  }
}

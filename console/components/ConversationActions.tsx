import { useState } from 'preact/hooks'

import type { Conversation } from '../models/conversation.ts'
import { t } from '../strings/current.ts'
import { useWorkspace } from './context.ts'
import { Icon } from './Icon.tsx'
import { useConversationActions } from './use-conversation-actions.ts'
import { useOfferActions } from './use-offer-actions.ts'

/** What can be done with a conversation as it stands. */
export function ConversationActions({ conversation }: { conversation: Conversation }) {
  const { inbox, offers } = useWorkspace()
  const actions = useConversationActions()
  const { accept } = useOfferActions()
  const [isBusy, setBusy] = useState(false)
  const standing = conversation.standing.value
  const { id } = conversation
  // Not `disabled`: a button that has the focus would lose it, and the next one stands in its place.
  const run = (work: () => Promise<void>) => {
    if (isBusy) return
    setBusy(true)
    void work().finally(() => setBusy(false))
  }
  if (!standing) return null

  const offer = offers.list.value.find(({ row }) => row.id === id)
  if (offer) {
    return (
      <button
        type="button"
        class="button button-primary"
        disabled={offer.isAnswering}
        onClick={() => accept(offer)}
      >
        <Icon name="check" size="small" />
        {t.offer.accept}
      </button>
    )
  }
  if (standing.status === 'closed') {
    return (
      <button
        type="button"
        class="button"
        aria-busy={isBusy}
        onClick={() => run(() => actions.reopen(id))}
      >
        <Icon name="reopen" size="small" />
        {t.conversation.reopen}
      </button>
    )
  }
  if (standing.status === 'queued' || standing.status === 'offered') {
    return (
      <button
        type="button"
        class="button button-primary"
        aria-busy={isBusy}
        onClick={() => run(() => actions.claim(id))}
      >
        <Icon name="hand" size="small" />
        {t.conversation.take}
      </button>
    )
  }
  if (standing.assigneeId !== inbox.me.value.id && inbox.me.value.role === 'agent') return null
  return (
    <button
      type="button"
      class="button button-primary"
      aria-busy={isBusy}
      aria-label={t.conversation.close}
      aria-keyshortcuts="e"
      onClick={() => run(() => actions.close(id))}
    >
      <Icon name="check" size="small" />
      {t.conversation.closeShort}
    </button>
  )
}

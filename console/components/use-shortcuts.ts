import { useEffect } from 'preact/hooks'

import type { Conversation } from '../models/conversation.ts'
import type { InboxView } from '../routes.ts'
import { useApp, useWorkspace } from './context.ts'
import { focusComposer } from './focus.ts'
import { openHelp } from './HelpDialog.tsx'
import { useConversationActions } from './use-conversation-actions.ts'
import { useOfferActions } from './use-offer-actions.ts'

const fields = 'input, textarea, select, [contenteditable], dialog, [role="dialog"]'
const controls = `${fields}, a, button, summary, [role="tab"]`

/** The single keys of the inbox. They sleep while somebody types, and where they are switched off. */
export function useShortcuts(view: InboxView, conversation: Conversation | undefined) {
  const { preferences, router } = useApp()
  const { inbox, offers } = useWorkspace()
  const { accept } = useOfferActions()
  const { close } = useConversationActions()

  useEffect(() => {
    const step = (by: 1 | -1) => {
      const queue = view === 'mine' ? inbox.views.queue.peek() : []
      const ids = [...new Set([...inbox.views[view].peek(), ...queue].map(({ id }) => id))]
      const at = conversation ? ids.indexOf(conversation.id) : -1
      const next = at < 0 ? ids[0] : ids[at + by]
      if (next === undefined) return
      router.go({ screen: 'inbox', view, conversationId: next }, conversation ? 'replace' : 'push')
      document.querySelector(`[data-conversation="${CSS.escape(next)}"]`)?.scrollIntoView({
        block: 'nearest',
      })
    }
    const acceptFirst = () => {
      const [first] = offers.list.peek()
      if (first) accept(first)
      return first !== undefined
    }
    const closeMine = () => {
      const standing = conversation?.standing.peek()
      const isMine = standing?.status === 'assigned' && standing.assigneeId === inbox.me.peek().id
      if (conversation && isMine) void close(conversation.id)
    }
    const actions: Record<string, () => unknown> = {
      j: () => step(1),
      k: () => step(-1),
      a: acceptFirst,
      e: closeMine,
      r: () => conversation && focusComposer('reply'),
      n: () => conversation && focusComposer('note'),
      '?': () => {
        openHelp.value = true
      },
    }
    const onKey = (event: KeyboardEvent) => {
      if (!preferences.hasShortcuts.peek() || event.defaultPrevented || event.repeat) return
      if (event.ctrlKey || event.metaKey || event.altKey || openHelp.peek()) return
      const target = event.target as Element
      if (target.closest(fields)) return
      if (event.key === 'Enter') {
        // On a link or a button Enter is theirs.
        if (!target.closest(controls) && acceptFirst()) event.preventDefault()
        return
      }
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        // In the list the arrows walk over the rows, in the log they scroll.
        if (target === document.body) step(event.key === 'ArrowDown' ? 1 : -1)
        return
      }
      const action = actions[event.key.toLowerCase()]
      if (!action) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [view, conversation])
}

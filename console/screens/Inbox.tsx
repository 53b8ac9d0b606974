import { useEffect, useRef, useState } from 'preact/hooks'

import { useWorkspace } from '../components/context.ts'
import { ConversationList } from '../components/ConversationList.tsx'
import { ConversationPane } from '../components/ConversationPane.tsx'
import { DetailsPane } from '../components/DetailsPane.tsx'
import { FirstSteps } from '../components/FirstSteps.tsx'
import { useShortcuts } from '../components/use-shortcuts.ts'
import type { InboxView } from '../routes.ts'

interface InboxProps {
  view: InboxView
  conversationId: string | undefined
}

/** List, conversation, details: three panes where there is room, one at a time on a phone. */
export function Inbox({ view, conversationId }: InboxProps) {
  const workspace = useWorkspace()
  const conversation = conversationId === undefined ? undefined : workspace.open(conversationId)
  const [areDetailsShown, setDetailsShown] = useState(false)
  useShortcuts(view, conversation)

  useEffect(() => setDetailsShown(false), [conversationId])
  useEffect(() => {
    if (!areDetailsShown) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setDetailsShown(false)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [areDetailsShown])

  // On a phone the list is gone when a conversation opens, and the other way round: the focus is not lost with it.
  const earlier = useRef(conversationId)
  useEffect(() => {
    const isHidden = (document.activeElement as HTMLElement | null)?.offsetParent === null
    if (conversationId !== undefined && earlier.current === undefined && isHidden) {
      document.getElementById('conversation-title')?.focus()
    }
    if (conversationId === undefined && earlier.current !== undefined && isHidden) {
      // Back to where one came from; what is gone from the list leaves its head.
      const row = `[data-conversation="${CSS.escape(earlier.current)}"]`
      const target = document.querySelector<HTMLElement>(`${row}, .views [aria-current]`)
      target?.focus()
    }
    earlier.current = conversationId
  }, [conversationId])

  return (
    <div class={conversation ? 'inbox has-conversation' : 'inbox'}>
      <ConversationList view={view} conversationId={conversationId} />
      {conversation ? (
        <>
          <ConversationPane
            conversation={conversation}
            view={view}
            areDetailsShown={areDetailsShown}
            onToggleDetails={() => setDetailsShown(!areDetailsShown)}
          />
          <DetailsPane
            conversation={conversation}
            view={view}
            isOpen={areDetailsShown}
            onClose={() => setDetailsShown(false)}
          />
        </>
      ) : (
        <main class="conversation conversation-empty" id="main">
          <FirstSteps />
        </main>
      )}
    </div>
  )
}

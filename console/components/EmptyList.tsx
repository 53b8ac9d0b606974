import type { InboxView } from '../routes.ts'
import { t } from '../strings/current.ts'
import { useApp, useWorkspace } from './context.ts'
import { toFailureText } from './failure-text.ts'

/** What an empty list means, and what to do about it. */
export function EmptyList({ view, isShort }: { view: InboxView; isShort: boolean }) {
  const { notices } = useApp()
  const { inbox, setStatus } = useWorkspace()
  const isAway = view === 'mine' && inbox.me.value.status !== 'online'
  const goOnline = () => {
    setStatus('online').catch((error: unknown) =>
      notices.say({ kind: 'problem', text: toFailureText(error) }),
    )
  }
  const { empty } = t.list
  return (
    <div class={isShort ? 'rows-empty rows-empty-short' : 'rows-empty'}>
      <p>{isAway ? empty.mineAway : empty[view]}</p>
      <p class="hint">{isAway ? empty.mineAwayHint : empty[`${view}Hint`]}</p>
      {isAway && (
        <button type="button" class="button button-primary" onClick={goOnline}>
          {empty.goOnline}
        </button>
      )}
    </div>
  )
}

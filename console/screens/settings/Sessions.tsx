import type { SessionListItem } from '../../../shared/api/api.ts'
import { useApp, useWorkspace } from '../../components/context.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { SaveProblem } from '../../components/SaveMark.tsx'
import { useSave } from '../../components/use-save.ts'
import { t } from '../../strings/current.ts'
import { toAgo, toShortDate } from '../../text/time.ts'

const words = t.settings.account

/** Where one is signed in, and an end to each of it. */
export function Sessions() {
  const { sessions } = useApp().settings.value
  return (
    <Loaded resource={sessions}>
      {(list) => (
        <ul class="things" role="list">
          {list.map((session) => (
            <Session key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Loaded>
  )
}

function Session({ session }: { session: SessionListItem }) {
  const { settings } = useApp()
  const { clock } = useWorkspace()
  const { state, save, isSaving } = useSave()
  const browser = session.browser ?? words.unknownBrowser
  return (
    <li class="thing">
      <div class="thing-words">
        <strong>{browser}</strong>
        <span class="hint">
          {session.isCurrent ? words.thisOne : words.seen(toAgo(session.seenAt, clock.read()))}
          {' · '}
          {words.since(toShortDate(session.createdAt, clock.read()))}
        </span>
        <SaveProblem state={state} />
      </div>
      {!session.isCurrent && (
        <button
          type="button"
          class="button"
          disabled={isSaving}
          aria-label={words.endLabel(browser)}
          onClick={() => void save(() => settings.value.endSession(session.id))}
        >
          {words.end}
        </button>
      )}
    </li>
  )
}

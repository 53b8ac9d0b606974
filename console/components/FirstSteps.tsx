import { useEffect } from 'preact/hooks'

import { t } from '../strings/current.ts'
import { useApp, useWorkspace } from './context.ts'
import { CopyBox } from './CopyBox.tsx'
import { Icon } from './Icon.tsx'
import { Link } from './Link.tsx'

/** The middle of an inbox where nothing is open: what to do next, and in an empty one how to try it out. */
export function FirstSteps() {
  const { inbox } = useWorkspace()
  const isEmpty =
    inbox.isReady.value &&
    inbox.rows.value.size === 0 &&
    inbox.counts.value.queue + inbox.counts.value.team === 0
  if (isEmpty) return <TestChat />
  return (
    <div class="nothing-open">
      <Icon name="chat" />
      <h2>{t.conversation.nothingOpen}</h2>
      <p class="hint">{t.conversation.nothingOpenHint}</p>
      <p class="hint only-wide">
        <kbd>J</kbd> {t.conversation.keysHint} <kbd>K</kbd> {t.conversation.keysHintEnd}
      </p>
    </div>
  )
}

/** What a browser can open: the simulator's site, for one, is nowhere. */
const isSomewhere = (origin: string) => !new URL(origin).hostname.endsWith('.invalid')

/** Shows how to send oneself a first chat: where each site is, and the tag of the one that was added last. */
function TestChat() {
  const { sites } = useApp().settings.value
  const { inbox } = useWorkspace()
  useEffect(() => void sites.load(), [sites])
  const open = (sites.value.value ?? [])
    .map(({ origins, ...site }) => ({ ...site, address: origins.find(isSomewhere) ?? '' }))
    .filter(({ address }) => address !== '')
  const newest = open.at(-1)
  const hasNone = sites.value.value?.length === 0
  const isAdmin = inbox.me.value.role === 'admin'

  return (
    <div class="first-steps">
      <Icon name="chat" />
      <h2>{t.firstSteps.title}</h2>
      {hasNone ? (
        <>
          <p class="hint">{t.firstSteps.noSite}</p>
          {isAdmin && (
            <Link class="button button-primary" to={{ screen: 'settings', page: 'sites' }}>
              {t.firstSteps.addSite}
            </Link>
          )}
        </>
      ) : (
        <ol>
          {inbox.me.value.status !== 'online' && <li>{t.firstSteps.online}</li>}
          <li>
            {t.firstSteps.open}
            {newest && (
              <>
                <span class="first-origins">
                  {open.slice(-4).map(({ id, name, address }) => (
                    <a key={id} href={address} target="_blank" rel="noopener noreferrer">
                      <bdi>{name}</bdi>
                    </a>
                  ))}
                </span>
                {t.firstSteps.tagOf(newest.name)}
                <CopyBox label={t.settings.sites.tag} text={newest.tag} />
              </>
            )}
          </li>
          <li>{t.firstSteps.write}</li>
        </ol>
      )}
    </div>
  )
}

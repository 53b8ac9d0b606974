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

/** Shows how to send oneself a first chat: with the site's own tag, since that is what there is for sure. */
function TestChat() {
  const { sites } = useApp().settings.value
  const { inbox } = useWorkspace()
  useEffect(() => void sites.load(), [sites])
  const site = sites.value.value?.[0]
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
            {site && (
              <>
                <span class="first-origins">
                  {site.origins.slice(0, 4).map((origin) => (
                    <a key={origin} href={origin} target="_blank" rel="noopener noreferrer">
                      {origin}
                    </a>
                  ))}
                </span>
                <CopyBox label={t.settings.sites.tag} text={site.tag} />
              </>
            )}
          </li>
          <li>{t.firstSteps.write}</li>
        </ol>
      )}
    </div>
  )
}

import { t } from '../strings/current.ts'
import { toHue } from '../text/names.ts'
import { useApp, useWorkspace } from './context.ts'
import { Icon } from './Icon.tsx'
import { Link } from './Link.tsx'
import { StatusMenu } from './StatusMenu.tsx'

/** The way between the parts of the console, and the own status at its foot. */
export function Rail() {
  const { router } = useApp()
  const { inbox, offers } = useWorkspace()
  const { screen } = router.route.value
  const waiting = inbox.views.mine.value.filter((row) => row.unread > 0).length
  const needsMe = Math.max(waiting, offers.list.value.length)

  return (
    <nav class="rail" aria-label={t.rail.label}>
      <span class="rail-logo" aria-hidden="true">
        <Icon name="chat" />
      </span>
      <span class="rail-item">
        <Link
          class="rail-link"
          to={{ screen: 'inbox', view: 'mine' }}
          aria-label={t.rail.inbox}
          title={t.rail.inbox}
          aria-current={screen === 'inbox' ? 'page' : undefined}
          aria-describedby={needsMe > 0 ? 'rail-needs-me' : undefined}
        >
          <Icon name="inbox" />
        </Link>
        {needsMe > 0 && (
          <span class="rail-count" aria-hidden="true">
            {needsMe > 99 ? '99+' : needsMe}
          </span>
        )}
      </span>
      {needsMe > 0 && (
        <span id="rail-needs-me" hidden>
          {t.rail.inboxWaiting(needsMe)}
        </span>
      )}
      <Link
        class="rail-link"
        to={{ screen: 'settings', page: 'account' }}
        aria-label={t.rail.settings}
        title={t.rail.settings}
        aria-current={screen === 'settings' ? 'page' : undefined}
      >
        <Icon name="settings" />
      </Link>
      <StatusMenu hue={toHue(inbox.me.value.id)} />
    </nav>
  )
}

import { useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'

import { ConnectionNotice } from '../components/ConnectionNotice.tsx'
import { AppContext, useApp, WorkspaceContext } from '../components/context.ts'
import { HelpDialog } from '../components/HelpDialog.tsx'
import { late } from '../components/late.tsx'
import { Link } from '../components/Link.tsx'
import { Notices } from '../components/Notices.tsx'
import { OfferBar } from '../components/OfferBar.tsx'
import { Rail } from '../components/Rail.tsx'
import { createAlerts, toTitle } from '../models/alerts.ts'
import type { App as AppModel } from '../models/app.ts'
import { t } from '../strings/current.ts'
import { Inbox } from './Inbox.tsx'
import { SignIn } from './SignIn.tsx'
import { Welcome } from './Welcome.tsx'

const Settings = late(async () => (await import('./settings/Settings.tsx')).Settings)
const Setup = late(async () => (await import('./setup/Setup.tsx')).Setup)
const Invitation = late(async () => (await import('./setup/Invitation.tsx')).Invitation)

/** The console: which screen the address asks for, and what is around every screen. */
export function App({ app }: { app: AppModel }) {
  useSignalEffect(() => {
    const theme = app.preferences.theme.value
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  })
  useSignalEffect(() => {
    document.title = toTitle(app.workspace.value)
  })
  return (
    <AppContext.Provider value={app}>
      <Screen />
      <Notices />
    </AppContext.Provider>
  )
}

function Screen() {
  const { router, session } = useApp()
  const route = router.route.value
  const state = session.state.value

  if (state.kind === 'unknown') return <Welcome />
  if (route.screen === 'setup') return <Setup route={route} />
  if (route.screen === 'invitation') return <Invitation token={route.token} />
  if (state.kind === 'failed') return <Welcome problem={state.message} onRetry={session.load} />
  if (state.kind === 'out' || route.screen === 'sign-in') return <SignIn />
  return <SignedIn />
}

function SignedIn() {
  const { workspace, bell, preferences, timers, router } = useApp()
  const present = workspace.value
  const route = router.route.value

  useEffect(() => {
    if (!present) return
    const alerts = createAlerts({
      workspace: present,
      bell,
      hasSound: preferences.hasSound,
      timers,
      findLookedAt() {
        const at = router.route.peek()
        const isHere = document.visibilityState === 'visible' && document.hasFocus()
        return isHere && at.screen === 'inbox' ? at.conversationId : undefined
      },
    })
    return () => alerts.stop()
  }, [present])

  if (!present) return <Welcome />
  return (
    <WorkspaceContext.Provider value={present}>
      <a class="skip-link" href="#main">
        {t.skipToContent}
      </a>
      <div class={route.screen === 'inbox' && route.conversationId ? 'frame is-talking' : 'frame'}>
        <Rail />
        <div class="stage">
          <ConnectionNotice />
          <OfferBar />
          {route.screen === 'inbox' && (
            <Inbox view={route.view} conversationId={route.conversationId} />
          )}
          {route.screen === 'settings' && <Settings page={route.page} id={route.id} />}
          {route.screen === 'not-found' && <NotFound />}
        </div>
      </div>
      <HelpDialog />
    </WorkspaceContext.Provider>
  )
}

function NotFound() {
  return (
    <main class="conversation conversation-empty" id="main">
      <h1>{t.notFound.title}</h1>
      <Link class="button button-primary" to={{ screen: 'inbox', view: 'mine' }}>
        {t.notFound.toInbox}
      </Link>
    </main>
  )
}

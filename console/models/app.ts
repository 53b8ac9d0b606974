import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'

import type { OpenSocket, Timers } from '../../shared/connection/types.ts'
import { createApi, type Api } from '../api.ts'
import type { Bell } from '../surroundings/bell.ts'
import type { Keep } from '../surroundings/keep.ts'
import { createNotices, type Notices } from './notices.ts'
import { createPreferences, type Preferences } from './preferences.ts'
import { createRouter, type Router } from './router.ts'
import { createSession, type SessionModel } from './session.ts'
import { createSettings, type Settings } from './settings.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

export interface Surroundings {
  page: Window
  fetch: typeof fetch
  openSocket: OpenSocket
  timers: Timers
  keep: Keep
  bell: Bell
  newId(): string
}

export interface App {
  readonly api: Api
  readonly bell: Bell
  readonly keep: Keep
  readonly timers: Timers
  readonly notices: Notices
  readonly preferences: Preferences
  readonly router: Router
  readonly session: SessionModel
  readonly settings: ReadonlySignal<Settings>
  /** There while somebody is signed in. */
  readonly workspace: ReadonlySignal<Workspace | undefined>
  start(): void
  stop(): void
}

/** The console without its screens: everything that the components read and call. */
export function createApp({
  page,
  fetch,
  openSocket,
  timers,
  keep,
  bell,
  newId,
}: Surroundings): App {
  const router = createRouter(page)
  const notices = createNotices(timers)
  const preferences = createPreferences(keep)
  // The call and the session need each other: the call tells of an end, the session asks.
  const api: Api = createApi({
    fetch,
    onSignedOut: () => session.end(),
    onSomebodyElse: ({ me }) => session.enter(me),
  })
  const session: SessionModel = createSession(api)
  const settings = signal(createSettings(api))
  const workspace = signal<Workspace | undefined>(undefined)

  const me = computed(() =>
    session.state.value.kind === 'in' ? session.state.value.me : undefined,
  )
  const myId = computed(() => me.value?.id)

  const stops = [
    // One workspace per person: another person gets another one, and nothing of the first.
    effect(() => {
      void myId.value
      const account = me.peek()
      if (!account) return
      const made = untracked(() =>
        createWorkspace({
          me: account,
          openSocket,
          getTicket: () => api.getTicket(),
          timers,
          keep,
          newId,
        }),
      )
      workspace.value = made
      const stopLink = made.link.subscribe((link) => {
        const isOver =
          link.kind === 'refused' && (link.code === 'signed-out' || link.code === 'not-allowed')
        if (isOver) session.end()
      })
      return () => {
        stopLink()
        workspace.value = undefined
        // Nothing of one person is left for the next.
        settings.value = createSettings(api)
        made.stop()
      }
    }),
    effect(() => {
      const { kind } = session.state.value
      const { screen } = router.route.value
      if (kind === 'out' && (screen === 'inbox' || screen === 'settings')) router.goToSignIn()
      if (kind === 'in' && screen === 'sign-in') router.returnFromSignIn()
    }),
  ]

  const wake = () => workspace.peek()?.wake()
  const wakeIfVisible = () => {
    if (page.document.visibilityState === 'visible') wake()
  }

  return {
    api,
    bell,
    keep,
    timers,
    notices,
    preferences,
    router,
    session,
    settings,
    workspace,
    start() {
      page.addEventListener('online', wake)
      page.addEventListener('pageshow', wake)
      page.document.addEventListener('visibilitychange', wakeIfVisible)
      void session.load()
    },
    stop() {
      page.removeEventListener('online', wake)
      page.removeEventListener('pageshow', wake)
      page.document.removeEventListener('visibilitychange', wakeIfVisible)
      for (const stop of stops) stop()
      router.stop()
    },
  }
}

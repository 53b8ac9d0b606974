import { effect } from '@preact/signals'
import { render } from 'preact'

import { createTabSocket } from '../../shared/connection/tabs.ts'
import { fnv1a } from '../../shared/text/fnv1a.ts'
import { keys, storagePrefix, type MountOptions, type PanelHandle } from '../mount-types.ts'
import { toColors } from './colors.ts'
import { PanelView } from './components/PanelView.tsx'
import { createPanel } from './models/panel.ts'
import { findPage, getStartFacts, onPageChange } from './page.ts'
import { openWebSocketTo, toSocketAddress } from './socket.ts'
import { openStorage } from './storage.ts'
import { en } from './strings/en.ts'
import { openChannel, openLock } from './tabs.ts'
import { browserTimers } from './timers.ts'
import { newId } from './token.ts'
import { coverScreen, followFull, followMedia } from './viewport.ts'
import { createWhen } from './when.ts'

import css from './style.css?inline'

/** Puts the chat into a shadow root, closed. The only place where its parts are joined. */
export function mount({ root, config, hooks }: MountOptions): PanelHandle {
  const prefix = storagePrefix(config.key)
  const kept = openStorage(prefix, () => localStorage)
  const openSocket = openWebSocketTo(toSocketAddress(config.url))
  const panel = createPanel({
    config,
    kept,
    tabKept: openStorage(prefix, () => sessionStorage),
    timers: browserTimers,
    getStartFacts,
    hooks,
    openSocketFor(token) {
      // Tabs of one visitor share a socket; another visitor's tab (no storage, say) is not among them.
      const name = `${prefix}${fnv1a(token)}`
      return createTabSocket({
        channel: openChannel(name),
        lock: openLock(name),
        openSocket,
        timers: browserTimers,
        newTabId: newId,
      })
    },
  })

  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  const place = document.createElement('div')
  place.className = 'parley'
  for (const [name, value] of toColors(config.settings.accent)) place.style.setProperty(name, value)
  root.append(place)

  const stops = [
    followFull((isFull) => (panel.isFull.value = isFull)),
    followMedia('(prefers-color-scheme: dark)', (isDark) => {
      const { theme } = config.settings
      panel.isDark.value = theme === 'auto' ? isDark : theme === 'dark'
    }),
    coverScreen(place, panel.isOpen, panel.isFull),
    effect(() => {
      if (panel.session.value?.link.value.kind === 'online') return onPageChange(tellPage)
      return undefined
    }),
    listen(window, 'online', panel.comeBack),
    listen(window, 'pageshow', panel.comeBack),
    listen(window, 'pagehide', panel.leave),
    listen(document, 'visibilitychange', look),
    listen(window, 'storage', (event) => {
      const { key } = event as StorageEvent
      if (!key || key.startsWith(prefix + keys.outbox)) panel.session.peek()?.outbox.reload()
    }),
    // The page's own shortcuts must not hear what is typed here.
    ...['keydown', 'keyup', 'keypress'].map((type) =>
      listen(place, type, (event) => event.stopPropagation()),
    ),
  ]

  function tellPage() {
    const page = findPage()
    const { connection } = panel.session.peek() ?? {}
    // Not worth a second try: the next hello tells the page too.
    if (page) connection?.request({ type: 'page.set', page }).catch(() => {})
  }

  function look() {
    panel.isVisible.value = document.visibilityState === 'visible'
    if (panel.isVisible.peek()) panel.comeBack()
  }

  look()
  if (kept.keys(keys.outbox).length > 0) panel.start()
  render(<PanelView panel={panel} t={en} when={createWhen('en', en)} />, place)

  return {
    open: ({ takesFocus } = { takesFocus: true }) => panel.open(takesFocus),
    close: panel.dismiss,
    destroy() {
      panel.close()
      for (const stop of stops) stop()
      panel.end()
      render(null, place)
      place.remove()
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet)
    },
  }
}

function listen(target: EventTarget, type: string, call: (event: Event) => void) {
  target.addEventListener(type, call)
  return () => target.removeEventListener(type, call)
}

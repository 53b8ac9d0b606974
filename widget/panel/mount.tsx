import { effect } from '@preact/signals-core'
import { render } from 'preact'

import { createTabSocket } from '../../shared/connection/tabs.ts'
import { fnv1a } from '../../shared/text/fnv1a.ts'
import { outboxKey, storagePrefix, type MountOptions, type PanelHandle } from '../mount-types.ts'
import { toColors } from './colors.ts'
import { PanelView } from './components/PanelView.tsx'
import { createPanel } from './models/panel.ts'
import { findPage, getStartFacts, onPageChange } from './page.ts'
import { openWebSocketTo, toSocketAddress } from './socket.ts'
import { openStorage } from './storage.ts'
import { en as t } from './strings/en.ts'
import { openChannel, openLock } from './tabs.ts'
import { browserTimers } from './timers.ts'
import { newId } from './token.ts'
import { coverScreen, followMedia, fullQuery } from './viewport.ts'

import css from './style.css?inline'

/** Puts the chat into a shadow root, closed. The only place where its parts are joined. */
export function mount({ root, config, hooks }: MountOptions): PanelHandle {
  const { key, url, settings } = config
  const prefix = storagePrefix(key)
  const kept = openStorage(prefix, () => localStorage)
  const openSocket = openWebSocketTo(toSocketAddress(url))
  const panel = createPanel({
    config,
    kept,
    tabKept: openStorage(prefix, () => sessionStorage),
    timers: browserTimers,
    getStartFacts,
    hooks,
    loadChat: () => import('./chat.tsx'),
    openSocketFor(token) {
      // Tabs of one visitor share a socket; another visitor's tab (no storage, say) is not among them.
      const name = prefix + fnv1a(token)
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
  const sheets = root.adoptedStyleSheets
  root.adoptedStyleSheets = [...sheets, sheet]
  const place = document.createElement('div')
  place.className = 'parley'
  for (const [name, value] of toColors(settings.accent)) place.style.setProperty(name, value)
  root.append(place)

  const stops = [
    followMedia(fullQuery, (isFull) => (panel.isFull.value = isFull)),
    followMedia('(prefers-color-scheme: dark)', (isDark) => {
      panel.isDark.value = settings.theme === 'auto' ? isDark : settings.theme === 'dark'
    }),
    coverScreen(place, panel.isOpen, panel.isFull),
    onPageChange(tellPage),
    listen(window, 'online', panel.comeBack),
    listen(window, 'pageshow', panel.comeBack),
    listen(window, 'pagehide', panel.leave),
    listen(document, 'visibilitychange', look),
    listen(window, 'storage', (event) => {
      const { key: changed } = event as StorageEvent
      if (!changed || changed.startsWith(prefix + outboxKey)) panel.session.peek()?.outbox.reload()
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
    panel.isVisible.value = !document.hidden
    if (!document.hidden) panel.comeBack()
  }

  /** To the composer, if there is one; on a phone home shows itself first, without the keyboard. */
  function takeFocus() {
    const isHome = panel.isFull.peek() && !panel.shownId.peek()
    // The last one that there is. With nothing to write in or to press it is the panel itself, so that Escape
    // and Tab go on from here.
    const targets = place.querySelectorAll<HTMLElement>(isHome ? '.panel' : '.panel,textarea,.wide')
    targets[targets.length - 1]?.focus({ preventScroll: true })
  }

  look()
  if (kept.keys(outboxKey).length > 0) panel.start()
  stops.push(
    // The late part brings the sheet of what it draws.
    effect(() => sheet.replaceSync(css + (panel.chat.value?.css ?? ''))),
    // The drawing is synchronous, so this one effect knows every signal that a component reads.
    effect(() => {
      const { activeElement } = root
      render(<PanelView panel={panel} moves={panel.moves.value} t={t} />, place)
      // What had the focus is gone (the composer at the end of a chat): who writes here goes on here.
      if (activeElement && !activeElement.isConnected) takeFocus()
    }),
    effect(() => {
      // After the drawing that the same change causes.
      if (panel.focusWishes.value && panel.isOpen.value) queueMicrotask(takeFocus)
    }),
  )

  return {
    open: ({ takesFocus }) => panel.open(takesFocus),
    close() {
      // Who was in the panel is not left nowhere; who was elsewhere stays there.
      const hasFocus = place.contains(root.activeElement)
      panel.close()
      if (hasFocus) hooks.focusOpener()
    },
    destroy() {
      for (const stop of stops) stop()
      panel.destroy()
      render(null, place)
      place.remove()
      root.adoptedStyleSheets = sheets
    },
  }
}

function listen(target: EventTarget, type: string, call: (event: Event) => void) {
  target.addEventListener(type, call)
  return () => target.removeEventListener(type, call)
}

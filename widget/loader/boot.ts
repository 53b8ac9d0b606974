import type { LoaderConfig } from '../../shared/protocol/site-settings.ts'
import { keys, storagePrefix, type PanelHandle, type PanelModule } from '../mount-types.ts'
import { isAllowedOn } from './allowed.ts'
import { drawLauncher } from './draw-launcher.ts'
import { readOptions } from './options.ts'
import { stayAttached } from './stay-attached.ts'
import { watchUnread } from './watch-unread.ts'

/** What a page may call. Grows with the JavaScript API. */
export interface ParleyApi {
  open(): void
  close(): void
  toggle(): void
  destroy(): void
}

declare global {
  interface Window {
    Parley?: Partial<ParleyApi>
  }
}

type LoadPanel = (address: string) => Promise<PanelModule>

const importPanel: LoadPanel = (address) =>
  import(/* @vite-ignore */ address) as Promise<PanelModule>

/** Starts the launcher on this page, once, if the site's owner allowed this origin. */
export function boot(
  baked: LoaderConfig,
  tag: HTMLOrSVGScriptElement | null,
  load: LoadPanel = importPanel,
): void {
  // Included twice: the first one serves.
  if (window.Parley?.destroy) return
  if (!isAllowedOn(location.origin, baked)) {
    console.warn(
      `Parley: the chat is not shown, because ${location.origin} is not among the site's allowed origins. Allow it at ${baked.url}/console/settings/sites`,
    )
    return
  }

  const options = readOptions(
    baked,
    tag?.dataset ?? {},
    getComputedStyle(document.documentElement).direction,
  )
  const { config } = options
  const launcher = drawLauncher(options)
  const { button, root } = launcher
  let tries = 0
  let loading: Promise<PanelModule> | undefined
  let panel: PanelHandle | undefined
  let isOpen = false
  let isGone = false
  let stopWatching: (() => void) | undefined

  function loadPanel() {
    // A browser may remember a failed import by its address, so a further try has another one.
    loading ??= load(config.url + config.panel + (tries++ ? `?try=${tries}` : '')).catch(
      (error: unknown) => {
        loading = undefined
        throw error
      },
    )
    return loading
  }

  async function ready() {
    const { mount } = await loadPanel()
    if (!panel && !isGone) {
      stopWatching?.()
      panel = mount({
        root,
        config,
        hooks: {
          onOpenChange(now) {
            isOpen = now
            launcher.showOpen(now)
          },
          onUnread: launcher.showUnread,
          focusOpener: () => button.focus(),
        },
      })
    }
    return panel
  }

  async function open(takesFocus: boolean) {
    launcher.showFailure(false)
    launcher.showLoading(true)
    try {
      ;(await ready())?.open({ takesFocus })
    } catch {
      launcher.showFailure(takesFocus)
    }
    launcher.showLoading(false)
  }

  const toggle = () => (isOpen ? panel?.close() : void open(true))
  const preload = () => void loadPanel().catch(() => {})

  button.addEventListener('click', toggle)
  for (const intent of ['pointerenter', 'focus', 'touchstart']) {
    button.addEventListener(intent, preload, { passive: true })
  }
  button.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') panel?.close()
  })

  const detach = stayAttached(launcher.host)
  window.Parley = {
    open: () => void open(true),
    close: () => panel?.close(),
    toggle,
    destroy() {
      isGone = true
      stopWatching?.()
      panel?.destroy()
      detach()
      delete window.Parley
    },
  }

  /** Goes on where the visitor was on the page before. Reads storage; writes nothing. */
  function goOn() {
    if (isGone || panel) return
    const kept = readKept(storagePrefix(config.key))
    if (kept.isOpen || options.isOpenAtStart) void open(false)
    // A message that the page before could not send: send it, whether or not the chat is opened.
    else if (kept.hasUnsent) void ready().catch(() => {})
    else if (kept.token) {
      stopWatching = watchUnread(`${config.url}/w/${config.key}/unread`, kept.token, ({ unread }) =>
        launcher.showUnread(unread),
      )
    }
  }
  const { requestIdleCallback: whenIdle = setTimeout } = window as Partial<Window>
  whenIdle(goOn)
}

/** What the panel left in the browser. All of it is absent where storage is denied. */
function readKept(prefix: string) {
  try {
    return {
      isOpen: sessionStorage.getItem(prefix + keys.isOpen),
      hasUnsent: Object.keys(localStorage).some((key) => key.startsWith(prefix + keys.outbox)),
      token:
        localStorage.getItem(prefix + keys.current) && localStorage.getItem(prefix + keys.token),
    }
  } catch {
    return {}
  }
}

import type { LoaderConfig } from '../../shared/protocol/site-settings.ts'
import {
  currentKey,
  openKey,
  outboxKey,
  storagePrefix,
  tokenKey,
  type PanelHandle,
  type PanelModule,
} from '../mount-types.ts'
import { isAllowedOn } from './allowed.ts'
import { drawLauncher, type LauncherState } from './draw-launcher.ts'
import { readOptions, type TagData } from './options.ts'
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
export function boot(config: LoaderConfig, tag: TagData = {}, load = importPanel): void {
  const { key, url } = config
  // Included twice: the first one serves.
  if (window.Parley?.destroy) return
  const { origin } = location
  if (!isAllowedOn(origin, config)) {
    console.warn(`Parley: ${origin} is not allowed. Allow it at ${url}/console/settings/sites`)
    return
  }

  const page = document.documentElement
  const options = readOptions(config.settings, tag, getComputedStyle(page).direction)
  const { host, root, button, show } = drawLauncher(options)
  let state: LauncherState = { isOpen: false, isLoading: false, hasFailed: false, unread: 0 }
  let tries = 0
  let loading: Promise<PanelModule> | undefined
  let panel: PanelHandle | undefined
  let isGone = false
  let stopWatching: (() => void) | undefined

  const change = (now: Partial<LauncherState>) => show((state = { ...state, ...now }))
  const onUnread = (unread: number) => change({ unread })

  /** A browser may remember a failed import by its address, so each further try has its own. */
  function preload() {
    loading ??= load(`${url}${config.panel}${tries++ ? `?${tries}` : ''}`)
    loading.catch(() => (loading = undefined))
    return loading
  }

  async function ready() {
    const { mount } = await preload()
    stopWatching?.()
    if (!isGone)
      panel ??= mount({
        root,
        config: { ...config, settings: options.settings },
        hooks: {
          onUnread,
          onOpenChange: (isOpen) => change({ isOpen }),
          focusOpener: () => button.focus(),
        },
      })
  }

  async function open(takesFocus: boolean) {
    change({ isLoading: true, hasFailed: false })
    try {
      await ready()
      panel?.open({ takesFocus })
    } catch {
      change({ hasFailed: takesFocus })
    }
    change({ isLoading: false })
  }

  const close = () => panel?.close()
  const toggle = () => (state.isOpen ? close() : void open(true))

  /** Goes on where the visitor was on the page before. Reads storage; writes nothing. */
  async function goOn() {
    const prefix = storagePrefix(key)
    try {
      if (tag.open !== undefined || sessionStorage.getItem(prefix + openKey))
        return await open(false)
      const token = localStorage.getItem(prefix + tokenKey)
      // A message that the page before could not send: send it, whether or not the chat is opened.
      if (Object.keys(localStorage).some((name) => name.startsWith(prefix + outboxKey)))
        return await ready()
      if (token && localStorage.getItem(prefix + currentKey) && !panel && !isGone)
        stopWatching = watchUnread(`${url}/w/${key}/unread`, token, onUnread)
    } catch {
      // Storage is denied, or the panel can't be had: the launcher is there all the same.
    }
  }

  change({})
  button.onclick = toggle
  button.onpointerenter = button.onfocus = button.ontouchstart = () => void preload()
  // Gives nothing back: `false` would keep Enter from opening and Tab from leaving.
  button.onkeydown = (event) => void (event.key === 'Escape' && close())
  const detach = stayAttached(host, () => {
    // What was scrolled is not any more: the panel looks after it.
    if (state.isOpen) panel?.open({ takesFocus: false })
  })
  window.Parley = {
    open: () => void open(true),
    close,
    toggle,
    destroy() {
      isGone = true
      stopWatching?.()
      panel?.destroy()
      detach()
      delete window.Parley
    },
  }
  const { requestIdleCallback: whenIdle = setTimeout } = window as Partial<Window>
  whenIdle(() => void goOn())
}

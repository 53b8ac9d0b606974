import { launcherStrings } from '../panel/strings/launcher.en.ts'
import type { Options } from './options.ts'

import css from './launcher.css?inline'

export interface Launcher {
  host: HTMLElement
  root: ShadowRoot
  button: HTMLButtonElement
  showUnread(count: number): void
  showOpen(isOpen: boolean): void
  showLoading(isLoading: boolean): void
  showFailure(hasFailed: boolean): void
}

/** Builds the launcher in a shadow root of its own. Nothing is on the page before `host` is. */
export function drawLauncher({ config, language, direction, offset, zIndex }: Options): Launcher {
  const { accent, side } = config.settings
  const host = document.createElement('parley-chat')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
  host.dir = direction
  host.lang = language || 'en'
  // Through the object model: a strict CSP forbids style attributes, not this.
  for (const [name, value] of [
    ['--accent', accent],
    ['--ink', isLight(accent) ? '#16181d' : '#fff'],
    ['--offset', offset],
    ['--z', zIndex],
  ] as const) {
    host.style.setProperty(name, value)
  }

  const button = document.createElement('button')
  button.type = 'button'
  button.className = `launcher ${side}`
  const badge = document.createElement('span')
  badge.className = 'badge'
  const oops = document.createElement('div')
  oops.className = `oops ${side}`
  oops.setAttribute('role', 'alert')
  button.append(drawIcon('chat', 'M4 5h16v11H9l-5 4V5Z'), drawIcon('down', 'm6 9 6 6 6-6'), badge)
  root.append(button, oops)

  const launcher: Launcher = {
    host,
    root,
    button,
    showUnread(count) {
      badge.textContent = count > 0 ? (count > 99 ? '99+' : `${count}`) : ''
      // Beside the name, which stays "Open chat" for those who look for it.
      button.setAttribute('aria-description', count > 0 ? launcherStrings.unread(count) : '')
    },
    showOpen(isOpen) {
      button.setAttribute('aria-expanded', `${isOpen}`)
      button.setAttribute('aria-label', isOpen ? launcherStrings.close : launcherStrings.open)
    },
    showLoading(isLoading) {
      button.setAttribute('aria-busy', `${isLoading}`)
    },
    showFailure(hasFailed) {
      oops.textContent = hasFailed ? launcherStrings.failed : ''
    },
  }
  launcher.showOpen(false)
  return launcher
}

function drawIcon(name: string, path: string) {
  const namespace = 'http://www.w3.org/2000/svg'
  const icon = document.createElementNS(namespace, 'svg')
  icon.setAttribute('class', name)
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(namespace, 'path')
  line.setAttribute('d', path)
  icon.append(line)
  return icon
}

/** Whether dark ink reads better than white on this colour (WCAG's luminance, power 2.2 is near enough). */
function isLight(hex: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2,
  )
  return red * 0.2126 + green * 0.7152 + blue * 0.0722 > 0.2
}

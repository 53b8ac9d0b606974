import { launcherStrings as t } from '../panel/strings/launcher.en.ts'
import type { Options } from './options.ts'

import css from './launcher.css?inline'

/** What the launcher shows. */
export interface LauncherState {
  isOpen: boolean
  isLoading: boolean
  hasFailed: boolean
  unread: number
}

const svg = 'http://www.w3.org/2000/svg'

/** Builds the launcher in a shadow root of its own. Nothing is on the page before `host` is. */
export function drawLauncher({ settings, direction, offset, zIndex }: Options) {
  const { accent, side } = settings
  const host = document.createElement('parley-chat')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
  host.dir = direction
  // That of the words, whatever the page's is.
  host.lang = 'en'
  // Through the object model: a strict CSP forbids style attributes, not this.
  const setStyle = (name: string, value: string) => host.style.setProperty(name, value)
  setStyle('--accent', accent)
  setStyle('--ink', isLight(accent) ? '#101218' : '#fff')
  setStyle('--offset', offset)
  setStyle('--z', zIndex)

  const button = document.createElement('button')
  const icon = document.createElementNS(svg, 'svg')
  const line = document.createElementNS(svg, 'path')
  const badge = document.createElement('span')
  button.type = 'button'
  button.className = `launcher ${side}`
  icon.setAttribute('width', '26')
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.append(line)
  button.append(icon, badge)
  root.append(button)

  function show({ isOpen, isLoading, hasFailed, unread }: LauncherState) {
    const count = unread > 0 ? `${unread}` : ''
    badge.textContent = hasFailed ? t.failed : count
    line.setAttribute('d', isOpen ? 'm6 9 6 6 6-6' : 'M4 5h16v11H9l-5 4V5Z')
    // Beside the name, which stays "Open chat" for those who look for it.
    button.title = hasFailed ? t.failed : count && count + t.unread
    const attributes = { label: isOpen ? t.close : t.open, expanded: isOpen, busy: isLoading }
    for (const [name, value] of Object.entries(attributes)) {
      button.setAttribute(`aria-${name}`, `${value}`)
    }
  }

  return { host, root, button, show }
}

/** Whether white is too hard to see on this colour, as the panel decides it (WCAG's luminance; power 2.2 is near enough). */
function isLight(hex: string) {
  const channel = (at: number) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2
  return channel(1) * 0.2126 + channel(3) * 0.7152 + channel(5) * 0.0722 > 0.3
}

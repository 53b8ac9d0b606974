// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { makeConfig } from '../../test/support/widget-fixtures.ts'
import type { MountOptions, PanelModule } from '../mount-types.ts'
import { boot } from './boot.ts'

const prefix = 'parley:sitekey:'
const warnings: string[] = []
const requests: { url: string; body: unknown }[] = []
let mounted: MountOptions[] = []
let opened: boolean[] = []

const panelModule: PanelModule = {
  mount(options) {
    mounted.push(options)
    return {
      open({ takesFocus }) {
        opened.push(takesFocus)
        options.hooks.onOpenChange(true)
      },
      close: () => options.hooks.onOpenChange(false),
      destroy: () => opened.push(false),
    }
  },
}
const load = vi.fn<(address: string) => Promise<PanelModule>>(async () => panelModule)

const hosts = () => [...document.querySelectorAll('parley-chat')]
const button = () => {
  const found = hosts()[0]?.shadowRoot?.querySelector('button')
  if (!found) throw new Error('There is no launcher.')
  return found
}
/** Promises, timers of no length and observers are through after it. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

beforeEach(() => {
  location.href = 'http://localhost:3000/shop'
  vi.stubGlobal('requestIdleCallback', (call: () => void) => setTimeout(call))
  vi.stubGlobal('fetch', async (url: string, { body }: { body: unknown }) => {
    requests.push({ url, body })
    return new Response('{"unread":3,"isOpen":false}\n')
  })
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warnings.push(text))
})

afterEach(() => {
  window.Parley?.destroy?.()
  delete window.Parley
  document.body.replaceChildren()
  localStorage.clear()
  sessionStorage.clear()
  load.mockReset().mockImplementation(async () => panelModule)
  warnings.length = requests.length = 0
  mounted = []
  opened = []
})

describe('on a page', () => {
  test('that the owner did not allow, there is no launcher, and the console says why and where', () => {
    boot(makeConfig({ origins: [1, 2] }), {}, load)
    expect(hosts()).toEqual([])
    expect(warnings.join()).toContain('http://localhost:3000')
    expect(warnings.join()).toContain('https://chat.example.com/console/settings/sites')
  })

  test('that was allowed, there is a launcher, and nothing is loaded, asked or stored', async () => {
    boot(makeConfig(), {}, load)
    await settle()
    expect(button().getAttribute('aria-label')).toBe('Open chat')
    expect(button().getAttribute('aria-expanded')).toBe('false')
    expect(load).not.toHaveBeenCalled()
    expect(requests).toEqual([])
    expect(localStorage.length + sessionStorage.length).toBe(0)
  })

  test('that includes the tag twice, there is one launcher', () => {
    boot(makeConfig(), {}, load)
    boot(makeConfig(), {}, load)
    expect(hosts().length).toBe(1)
  })

  test('that empties or swaps its body, the launcher stays', async () => {
    boot(makeConfig(), {}, load)
    document.body.replaceChildren()
    await settle()
    expect(hosts().length).toBe(1)
    document.documentElement.replaceChild(document.createElement('body'), document.body)
    await settle()
    expect(hosts().length).toBe(1)
  })

  test('that wants it gone, nothing is left', async () => {
    boot(makeConfig(), {}, load)
    window.Parley?.destroy?.()
    await settle()
    expect(hosts()).toEqual([])
    expect(window.Parley).toBeUndefined()
  })
})

describe('the visitor', () => {
  test('who comes near has the panel loaded, once', async () => {
    boot(makeConfig(), {}, load)
    button().dispatchEvent(new Event('pointerenter'))
    button().dispatchEvent(new Event('focus'))
    await settle()
    expect(load.mock.calls).toEqual([['https://chat.example.com/w/assets/panel.js']])
    expect(mounted).toEqual([])
  })

  test('who clicks opens and closes the chat', async () => {
    boot(makeConfig(), {}, load)
    button().click()
    await settle()
    expect(opened).toEqual([true])
    expect(button().getAttribute('aria-label')).toBe('Close chat')
    expect(button().getAttribute('aria-expanded')).toBe('true')
    button().click()
    expect(button().getAttribute('aria-label')).toBe('Open chat')
  })

  test('is told when the chat could not be loaded, and the next click tries another address', async () => {
    boot(makeConfig(), {}, load)
    load.mockRejectedValueOnce(new TypeError('Failed to fetch'))
    button().click()
    await settle()
    expect(button().textContent).toContain('Could not load')
    button().click()
    await settle()
    expect(opened).toEqual([true])
    expect(button().textContent).toBe('')
    expect(new Set(load.mock.calls.map(([address]) => address)).size).toBe(2)
  })

  test('sees how much is unread', async () => {
    boot(makeConfig(), {}, load)
    button().click()
    await settle()
    mounted[0]?.hooks.onUnread(2)
    expect(button().textContent).toBe('2')
    expect(button().title).toBe('2 unread')
    mounted[0]?.hooks.onUnread(0)
    expect(button().textContent).toBe('')
  })
})

describe('who comes back', () => {
  test('with an open chat costs one more request, with the token in its body', async () => {
    localStorage.setItem(`${prefix}token`, 'secret')
    localStorage.setItem(`${prefix}current`, 'conversation-1')
    boot(makeConfig(), {}, load)
    await settle()
    expect(requests).toEqual([{ url: 'https://chat.example.com/w/sitekey/unread', body: 'secret' }])
    expect(button().textContent).toBe('3')
  })

  test('without an open chat costs nothing', async () => {
    localStorage.setItem(`${prefix}token`, 'secret')
    boot(makeConfig(), {}, load)
    await settle()
    expect(requests).toEqual([])
  })

  test('from a page where the chat was open finds it open, and keeps the focus', async () => {
    sessionStorage.setItem(`${prefix}open`, '1')
    boot(makeConfig(), {}, load)
    await settle()
    expect(opened).toEqual([false])
  })

  test('with a message that was not sent has it sent without opening', async () => {
    localStorage.setItem(`${prefix}out:one`, '{}')
    boot(makeConfig(), {}, load)
    await settle()
    expect(mounted.length).toBe(1)
    expect(opened).toEqual([])
  })

  test('where storage is denied finds the launcher all the same', async () => {
    const denied = vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    boot(makeConfig(), {}, load)
    await settle()
    denied.mockRestore()
    expect(button().getAttribute('aria-label')).toBe('Open chat')
  })
})

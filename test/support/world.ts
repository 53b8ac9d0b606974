import type { Browser, BrowserContext, Page } from 'playwright-core'

import { launchBrowser } from './browser.ts'
import { startServer, type ServerProcess } from './process.ts'

/** How long a person in a test waits for what must come. A limit, not a delay. */
const patienceMs = 12_000

export const password = 'correct horse battery'

/** The built server as a process, the demo shop on its own origin, and a real browser with people in it. */
export async function startWorld({ env = {} }: { env?: Record<string, string> } = {}) {
  const server = await startServer({ hasDemo: true, env })
  const browser = await launchBrowser()
  const people = createPeople(browser, server)
  return {
    server,
    browser,
    ...people,
    async dispose() {
      await browser.close()
      await server.dispose()
    },
  }
}
export type World = Awaited<ReturnType<typeof startWorld>>

function createPeople(browser: Browser, server: ServerProcess) {
  async function addAgent(name: string, role: 'admin' | 'agent' = 'agent') {
    const email = `${name.toLowerCase()}@example.com`
    const args = ['--name', name, '--email', email, '--password', password, '--json']
    const { code, stderr } = await server.parley(role, 'create', ...args)
    if (code !== 0) throw new Error(`${role} create failed: ${stderr}`)
    return email
  }

  /** Signs an agent in, in a browser profile of their own. */
  async function openConsole(email: string, options = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    context.setDefaultTimeout(patienceMs)
    const page = await context.newPage()
    await page.goto(`${server.url}/console/`)
    await page.getByRole('textbox', { name: 'Email' }).fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('list', { name: 'Conversations' }).waitFor()
    return page
  }

  /** A visitor's browser profile on a page of the shop. */
  async function openShop(path = '/', options = {}) {
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/Riga',
      ...options,
    })
    context.setDefaultTimeout(patienceMs)
    const page = await context.newPage()
    await page.goto(server.demoUrl + path)
    return { context, page }
  }

  return { addAgent, openConsole, openShop }
}

/** What a visitor does in the panel. */
export function panelOf(page: Page) {
  const panel = page.getByRole('dialog', { name: 'Chat' })
  const composer = panel.getByRole('textbox', { name: 'Message' })
  return {
    panel,
    composer,
    log: panel.getByRole('log'),
    open: () => page.getByRole('button', { name: /^Open chat/ }).click(),
    close: () =>
      page
        .getByRole('button', { name: /^Close chat/ })
        .first()
        .click(),
    async start(text: string) {
      await panel.getByText('Send us a message').click()
      await composer.fill(text)
      await composer.press('Enter')
    },
    async say(text: string) {
      await composer.fill(text)
      await composer.press('Enter')
    },
  }
}

/** What an agent does in the console. */
export function consoleOf(page: Page) {
  const composer = page.getByRole('textbox', { name: 'Reply' })
  return {
    list: page.getByRole('list', { name: 'Conversations' }),
    log: page.getByRole('log'),
    composer,
    accept: () =>
      page
        .getByRole('button', { name: /^Accept/ })
        .first()
        .click(),
    async reply(text: string) {
      await composer.fill(text)
      await composer.press('Enter')
    },
  }
}

/** Everything that a page's own scripts complained about; a test ends with none. */
export function watchErrors(context: BrowserContext) {
  const errors: string[] = []
  context.on('weberror', (error) => errors.push(String(error.error())))
  context.on('console', (message) => {
    const isOurs = /Content Security Policy|Trusted Type|Uncaught/.test(message.text())
    if (message.type() === 'error' && isOurs) errors.push(message.text())
  })
  return errors
}

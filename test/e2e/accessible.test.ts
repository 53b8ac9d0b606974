import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { consoleOf, panelOf, startWorld, type World } from '../support/world.ts'

interface Violation {
  id: string
  impact: string
  nodes: { target: string[]; failureSummary: string }[]
}

/** What axe finds on a page and in its shadow roots, minor things left out. */
async function findProblems(page: Page) {
  // The console's policy lets no script of a string run: it is put in from outside the page's world.
  const client = await page.context().newCDPSession(page)
  await client.send('Runtime.evaluate', { expression: axe.source })
  const { result } = await client.send('Runtime.evaluate', {
    expression: `(async () => {
      const { violations } = await axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { region: { enabled: false } },
      })
      return JSON.stringify(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'))
    })()`,
    awaitPromise: true,
    returnByValue: true,
  })
  await client.detach()
  const violations = JSON.parse(String(result.value)) as Violation[]
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`),
  )
}

let world: World
let dana: string
beforeAll(async () => {
  world = await startWorld()
  dana = await world.addAgent('Dana', 'admin')
})
afterAll(() => world.dispose())

test('the check finds what is wrong, also inside a shadow root', async () => {
  const page = await world.browser.newPage()
  await page.setContent('<!doctype html><html lang="en"><title>Wrong</title><div id="host"></div>')
  await page.evaluate(() => {
    const root = document.querySelector('#host')?.attachShadow({ mode: 'open' })
    root?.append(document.createElement('button'))
  })
  expect((await findProblems(page)).join()).toContain('button-name')
  await page.close()
})

test.for(['Enter', 'Space'])(
  '%s on the launcher opens the chat, and Tab leaves it',
  async (key) => {
    const { context, page } = await world.openShop('/')
    const launcher = page.getByRole('button', { name: 'Open chat' })
    await launcher.focus()
    await launcher.press('Tab')
    expect(await launcher.evaluate((button) => button.matches(':focus'))).toBe(false)
    await launcher.focus()
    await launcher.press(key)
    const { composer, panel } = panelOf(page)
    await composer.waitFor()
    await expect.poll(() => composer.evaluate((field) => field.matches(':focus'))).toBe(true)
    await composer.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    expect(await launcher.evaluate((button) => button.matches(':focus'))).toBe(true)
    await context.close()
  },
)

test('who wrote in a chat that ends, or goes home from an open one, goes on in the panel', async () => {
  const agent = await world.openConsole(dana)
  const { context, page } = await world.openShop('/')
  const { open, start, panel, log } = panelOf(page)
  // The document sees the host of the shadow root as what has the focus.
  const hasFocus = () => page.evaluate(() => document.activeElement?.localName === 'parley-chat')
  await open()
  await start('Is it you?')
  await consoleOf(agent).accept()
  await consoleOf(agent).reply('It is.')
  await log.getByText('It is.').waitFor()
  await panel.getByRole('button', { name: 'Back' }).press('Enter')
  await panel.getByText('It is.').waitFor()
  await expect.poll(hasFocus).toBe(true)
  await panel.getByText('It is.').click()
  await log.waitFor()
  await expect.poll(hasFocus).toBe(true)
  await agent.getByRole('button', { name: 'Close conversation' }).click()
  const again = panel.getByRole('button', { name: 'Start a new conversation' })
  await again.waitFor()
  await expect.poll(() => again.evaluate((button) => button.matches(':focus'))).toBe(true)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'hidden' })
  await context.close()
  await agent.context().close()
})

describe.each([
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const)('axe finds nothing serious: $colorScheme, $viewport.width px', (options) => {
  // Motion would be caught half-way: half-faded text has half the contrast.
  const calm = { ...options, reducedMotion: 'reduce' } as const

  test('in the widget: closed, home, waiting, talking, ended', async () => {
    const agent = await world.openConsole(dana)
    const { context, page } = await world.openShop('/', calm)
    const chat = panelOf(page)
    const launcher = page.getByRole('button', { name: 'Open chat' })
    await launcher.waitFor()
    expect(await findProblems(page)).toEqual([])
    await chat.open()
    await chat.panel.getByText('Send us a message').waitFor()
    expect(await findProblems(page)).toEqual([])
    await chat.start('Hello there https://example.com/a')
    await chat.log.getByText('Sent').waitFor()
    expect(await findProblems(page)).toEqual([])
    await consoleOf(agent).accept()
    await consoleOf(agent).reply('Hi')
    await chat.log.getByText('Hi', { exact: true }).waitFor()
    expect(await findProblems(page)).toEqual([])
    await agent.getByRole('button', { name: 'Close conversation' }).click()
    await page.getByRole('button', { name: 'Start a new conversation' }).waitFor()
    expect(await findProblems(page)).toEqual([])
    await context.close()
    await agent.context().close()
  })

  test('in the console: sign-in, empty inbox, an offer, a conversation, every setting', async () => {
    const signIn = await world.browser.newPage(calm)
    await signIn.goto(`${world.server.url}/console/`)
    await signIn.getByRole('textbox', { name: 'Email' }).waitFor()
    expect(await findProblems(signIn)).toEqual([])
    await signIn.close()

    const agent = await world.openConsole(dana, calm)
    expect(await findProblems(agent)).toEqual([])
    const { context, page } = await world.openShop('/')
    const chat = panelOf(page)
    await chat.open()
    await chat.start('Which kettle is best?')
    await agent
      .getByRole('button', { name: /^Accept/ })
      .first()
      .waitFor()
    expect(await findProblems(agent)).toEqual([])
    await consoleOf(agent).accept()
    await consoleOf(agent).reply('The copper one.')
    await consoleOf(agent).log.getByText('The copper one.').waitFor()
    expect(await findProblems(agent)).toEqual([])
    await agent.getByRole('button', { name: 'Close conversation' }).click()
    for (const path of ['account', 'people', 'departments', 'sites']) {
      await agent.goto(`${world.server.url}/console/settings/${path}`)
      await agent.getByRole('heading').first().waitFor()
      await agent.waitForLoadState('networkidle')
      expect(await findProblems(agent), path).toEqual([])
    }
    await context.close()
    await agent.context().close()
  })
})

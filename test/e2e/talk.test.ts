import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { consoleOf, panelOf, startWorld, watchErrors, type World } from '../support/world.ts'

/** The launcher says how many are unread. */
const unread = (page: Page, count: number) =>
  page
    .getByRole('button', { name: 'Open chat' })
    .getByText(String(count), { exact: true })
    .waitFor()

let world: World
let dana: string
let juris: string
beforeEach(async () => {
  world = await startWorld()
  dana = await world.addAgent('Dana', 'admin')
  juris = await world.addAgent('Juris')
})
afterEach(() => world.dispose())

test('two visitors and two agents talk, each chat with one agent, both ways', async () => {
  const agents = [await world.openConsole(dana), await world.openConsole(juris)] as const
  const visitors = [await world.openShop('/'), await world.openShop('/')] as const
  const errors = visitors.map(({ context }) => watchErrors(context))

  for (const [index, { page }] of visitors.entries()) {
    const chat = panelOf(page)
    await chat.open()
    await chat.start(`Question ${index}`)
    await chat.log.getByText('Sent').waitFor()
  }
  for (const agent of agents) await consoleOf(agent).accept()
  for (const [index, agent] of agents.entries()) {
    const desk = consoleOf(agent)
    await desk.log.getByText(/Question \d/).waitFor()
    await desk.reply(`Answer of agent ${index}`)
  }
  const answers = []
  for (const { page } of visitors) {
    const chat = panelOf(page)
    await chat.log.getByText(/Answer of agent/).waitFor()
    answers.push(await chat.log.getByText(/Answer of agent/).textContent())
    await chat.say('Thank you')
  }
  // Least loaded: each of the two agents has one of the two chats.
  expect(new Set(answers).size).toBe(2)
  for (const agent of agents) {
    const desk = consoleOf(agent)
    await desk.log.getByText('Thank you').waitFor()
    await desk.log.getByText('Read').first().waitFor()
    await agent.getByRole('button', { name: 'Close conversation' }).click()
  }
  for (const { page, context } of visitors) {
    await page.getByRole('button', { name: /Start a new conversation/i }).waitFor()
    await context.close()
  }
  for (const agent of agents) await agent.context().close()
  expect(errors.flat()).toEqual([])
})

test('a chat goes on over pages, reloads and the next visit; unread shows on the launcher', async () => {
  const agent = await world.openConsole(dana)
  const { context, page } = await world.openShop('/')
  const chat = panelOf(page)
  await chat.open()
  await chat.start('Is the kettle in stock?')
  await consoleOf(agent).accept()
  await consoleOf(agent).log.getByText('Is the kettle in stock?').waitFor()

  await page.goto(`${world.server.demoUrl}/checkout`)
  await chat.log.getByText('Is the kettle in stock?').waitFor()
  await agent.getByText('Basket').first().waitFor()
  await page.reload()
  await chat.log.getByText('Is the kettle in stock?').waitFor()

  await chat.composer.press('Escape')
  await chat.panel.waitFor({ state: 'hidden' })
  await consoleOf(agent).reply('Yes, three of them.')
  await unread(page, 1)

  // The next page shows what is unread with nothing but one small request.
  await page.goto(`${world.server.demoUrl}/`)
  await unread(page, 1)
  await consoleOf(agent).reply('Shall I keep one for you?')
  await unread(page, 2)
  await chat.open()
  if (!(await chat.log.isVisible())) await chat.panel.getByText('Shall I keep one').click()
  await chat.log.getByText('Shall I keep one for you?').waitFor()

  const state = await context.storageState()
  await context.close()
  const later = await world.openShop('/', { storageState: state })
  const again = panelOf(later.page)
  await again.open()
  if (!(await again.log.isVisible())) await again.panel.getByText('Shall I keep one').click()
  await again.log.getByText('Yes, three of them.').waitFor()
  await agent.getByRole('button', { name: 'Close conversation' }).click()
  await later.context.close()
  await agent.context().close()
})

test('[D5] a message written while the server is away is kept over a closed tab, and sent once', async () => {
  const agent = await world.openConsole(dana)
  const { context, page } = await world.openShop('/')
  const chat = panelOf(page)
  await chat.open()
  await chat.start('First words')
  await consoleOf(agent).accept()
  await consoleOf(agent).reply('Hello')
  await chat.log.getByText('Hello').waitFor()

  await world.server.kill('SIGKILL')
  await chat.say('Written in the tunnel')
  await chat.log.getByText('Sending…').waitFor()
  await chat.panel
    .getByText(/Reconnecting/i)
    .first()
    .waitFor()
  await page.close()
  await consoleOf(agent).composer.fill('Half an answer')
  await world.server.start()

  const back = await context.newPage()
  await back.goto(`${world.server.demoUrl}/`)
  const again = panelOf(back)
  if (!(await again.panel.isVisible())) await again.open()
  if (!(await again.log.isVisible()))
    await again.panel
      .getByText(/Written in the tunnel|First words/)
      .first()
      .click()
  await consoleOf(agent).log.getByText('Written in the tunnel').waitFor({ timeout: 40_000 })
  expect(await consoleOf(agent).log.getByText('Written in the tunnel').count()).toBe(1)
  expect(await consoleOf(agent).composer.inputValue()).toBe('Half an answer')
  await consoleOf(agent).composer.press('Enter')
  await again.log.getByText('Half an answer').waitFor()
  expect(await again.log.getByText('Written in the tunnel').count()).toBe(1)
  await agent.getByRole('button', { name: 'Close conversation' }).click()
  await context.close()
  await agent.context().close()
})

test('two tabs of one visitor show the same chat and send each message once', async () => {
  const agent = await world.openConsole(dana)
  const { context, page } = await world.openShop('/')
  const other = await context.newPage()
  await other.goto(`${world.server.demoUrl}/`)
  const [one, two] = [panelOf(page), panelOf(other)]
  await page.bringToFront()
  await one.open()
  await one.start('From the first tab')
  await one.log.getByText('Sent').waitFor()
  await consoleOf(agent).accept()
  await other.bringToFront()
  await two.open()
  if (!(await two.log.isVisible())) await two.panel.getByText('From the first tab').click()
  await two.log.getByText('From the first tab').waitFor()
  await two.say('From the second tab')
  await one.log.getByText('From the second tab').waitFor()
  await consoleOf(agent).log.getByText('From the second tab').waitFor()
  // The tab that holds the socket goes; the other one takes over.
  await page.close()
  await two.say('After the first tab closed')
  await consoleOf(agent).log.getByText('After the first tab closed').waitFor({ timeout: 40_000 })
  await consoleOf(agent).reply('I hear you')
  await two.log.getByText('I hear you').waitFor({ timeout: 40_000 })
  for (const text of ['From the first tab', 'From the second tab', 'After the first tab closed']) {
    expect(await consoleOf(agent).log.getByText(text).count()).toBe(1)
  }
  await agent.getByRole('button', { name: 'Close conversation' }).click()
  await context.close()
  await agent.context().close()
})

test('nobody is here: the visitor leaves a message with an address, and an agent finds both', async () => {
  const { context, page } = await world.openShop('/')
  const chat = panelOf(page)
  await chat.open()
  await chat.panel
    .getByText(/nobody is here/i)
    .first()
    .waitFor()
  await chat.start('Please write to me')
  await chat.panel.getByRole('textbox', { name: /e-?mail/i }).fill('marta@example.lv')
  await chat.panel.getByRole('textbox', { name: /e-?mail/i }).press('Enter')
  await chat.panel
    .getByText('marta@example.lv')
    .or(chat.panel.getByText(/answer/i))
    .first()
    .waitFor()
  const agent = await world.openConsole(dana)
  await consoleOf(agent).accept()
  await consoleOf(agent).log.getByText('Please write to me').waitFor()
  await agent.getByText('marta@example.lv').first().waitFor()
  await agent.getByRole('button', { name: 'Close conversation' }).click()
  await context.close()
  await agent.context().close()
})

test('nothing is stored, asked or connected before the visitor acts', async () => {
  const { context, page } = await world.openShop('/')
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  const sockets: string[] = []
  page.on('websocket', (socket) => sockets.push(socket.url()))
  await page.reload()
  await page.getByRole('button', { name: 'Open chat' }).waitFor()
  await page.waitForLoadState('networkidle')
  const ours = requests.filter((url) => url.startsWith(world.server.url))
  expect(ours).toHaveLength(1)
  expect(ours[0]).toMatch(/\/w\/[a-z0-9]+\.js$/)
  expect(sockets).toEqual([])
  expect(
    await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
    })),
  ).toEqual({ local: 0, session: 0, cookies: '', databases: 0 })
  await context.close()
})

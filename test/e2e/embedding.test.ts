import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

import { panelOf, startWorld, watchErrors, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.dispose())

/** A site owner's page under a policy that allows no more than the guide asks for, in quirks mode, with a base. */
async function servePage(origins: 'allowed' | 'forgotten') {
  const { url } = world.server
  let tag = ''
  const server = createServer((_, response) => {
    const policy = `default-src 'none'; script-src ${url}; connect-src ${url} ${url.replace('http', 'ws')}`
    response.setHeader('content-type', 'text/html')
    response.setHeader(
      'content-security-policy',
      `${policy}; require-trusted-types-for 'script'; trusted-types 'none'`,
    )
    response.end(`<base href="https://elsewhere.example/">${tag}<p>A shop`)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  onTestFinished(() => void server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const allowed = origins === 'allowed' ? origin : 'https://shop.example'
  const made = await world.server.parley(
    'site',
    'create',
    '--name',
    'Shop',
    '--origin',
    allowed,
    '--json',
  )
  ;({ tag } = JSON.parse(made.stdout) as { tag: string })
  return origin
}

test('the chat works under a strict policy with Trusted Types, in quirks mode and with a base address', async () => {
  const origin = await servePage('allowed')
  const { context, page } = await world.openShop('/')
  const errors = watchErrors(context)
  await page.goto(origin)
  const chat = panelOf(page)
  await chat.open()
  await chat.start('Hello')
  await chat.log.getByText('Sent').waitFor()
  expect(errors).toEqual([])
  await context.close()
})

test('on a page that is not on the list there is no launcher, and the console says why and where', async () => {
  const origin = await servePage('forgotten')
  const { context, page } = await world.openShop('/')
  const warned = page.waitForEvent('console', (message) => message.text().includes('Parley'))
  await page.goto(origin)
  const text = (await warned).text()
  expect(text).toContain(origin)
  expect(text).toContain(`${world.server.url}/console/settings/sites`)
  expect(await page.getByRole('button', { name: /chat/i }).count()).toBe(0)
  await context.close()
})

test('a page that swaps its body or changes its address keeps the chat, where it was', async () => {
  const { context, page } = await world.openShop('/')
  const chat = panelOf(page)
  await chat.open()
  await chat.start('Is anybody there?')
  for (let line = 0; line < 30; line++) await chat.say(`Line ${line}`)
  await chat.log.getByText('Line 29').waitFor()
  const isAtEnd = () =>
    chat.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2)
  await expect.poll(isAtEnd).toBe(true)

  await page.evaluate(() => {
    history.pushState({}, '', '/elsewhere')
    document.documentElement.replaceChild(document.createElement('body'), document.body)
  })
  await chat.log.getByText('Line 29').waitFor()
  await expect.poll(isAtEnd).toBe(true)
  await page.evaluate(() => document.body.replaceChildren())
  await chat.say('Still here')
  await chat.log.getByText('Still here').waitFor()
  await context.close()
})

test('on a phone the chat covers the screen, holds the page still and keeps Tab inside', async () => {
  const { context, page } = await world.openShop('/', {
    viewport: { width: 390, height: 700 },
    isMobile: true,
    hasTouch: true,
    reducedMotion: 'reduce',
  })
  const chat = panelOf(page)
  await chat.open()
  await expect.poll(() => chat.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 700 })
  expect(await chat.panel.getAttribute('aria-modal')).toBe('true')
  const overflow = () => page.evaluate(() => getComputedStyle(document.documentElement).overflowY)
  expect(await overflow()).toBe('hidden')
  const fontSize = await chat.composer.evaluate((field) => getComputedStyle(field).fontSize)
  expect(parseFloat(fontSize)).toBeGreaterThanOrEqual(16)

  await chat.panel.focus()
  for (let step = 0; step < 8; step++) {
    await page.keyboard.press('Tab')
    const isInside = await chat.panel.evaluate((panel) =>
      panel.contains((panel.getRootNode() as ShadowRoot).activeElement),
    )
    expect(isInside).toBe(true)
  }
  await chat.close()
  await chat.panel.waitFor({ state: 'hidden' })
  expect(await overflow()).not.toBe('hidden')
  await context.close()
})

test('a panel that could not be loaded says so, and the next click tries again', async () => {
  const { context, page } = await world.openShop('/')
  await page.route('**/assets/panel*', (route) => route.abort())
  const chat = panelOf(page)
  await chat.open()
  await page.getByText('Could not load').waitFor()
  await page.unroute('**/assets/panel*')
  await chat.open()
  await chat.panel.waitFor()
  await context.close()
})

test('the chat works where storage is denied', async () => {
  const { context, page } = await world.openShop('/')
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('denied', 'SecurityError')
        },
      })
    }
  })
  await page.reload()
  const chat = panelOf(page)
  await chat.open()
  await chat.start('Hello')
  await chat.log.getByText('Sent').waitFor()
  await context.close()
})

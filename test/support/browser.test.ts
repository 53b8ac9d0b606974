import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { launchBrowser } from './browser.ts'

test('a real browser opens a page of ours, runs its script and has what the widget needs', async () => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Here</title><h1>Hello</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())

  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  expect(await page.getByRole('heading').textContent()).toBe('Hello')
  expect(
    await page.evaluate(() => ({
      sheets: 'adoptedStyleSheets' in document,
      locks: 'locks' in navigator,
      navigation: 'navigation' in window,
      heading: document.querySelector('h1')?.getBoundingClientRect().height !== 0,
    })),
  ).toEqual({ sheets: true, locks: true, navigation: true, heading: true })
})

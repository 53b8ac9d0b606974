import { afterAll, beforeAll, expect, test } from 'vitest'

import { findFreePorts } from '../../test/support/free-port.ts'
import { startDemo, type Demo } from './demo.ts'
import { loadShop } from './pages.ts'

const chat = 'https://chat.example.com'
let demo: Demo
let url: string
let tag: string | undefined

beforeAll(async () => {
  const [port = 0] = await findFreePorts(1)
  url = `http://127.0.0.1:${port}`
  demo = await startDemo({ port, host: '127.0.0.1', cspHost: chat, tag: () => tag })
})
afterAll(() => demo.close())

test.for([...loadShop().pages.keys()])('%s is a whole page with the tag in it', async (path) => {
  tag = `<script async src="${chat}/w/KEY.js"></script>`
  const response = await fetch(url + path)
  const html = await response.text()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(html.split(tag)).toHaveLength(2)
  expect(html).toContain('nothing is sold here')
  expect(html).not.toMatch(/\{\{|undefined| style="| on\w+="|<style/)
  expect(html.match(/<script(?![^>]* src=)/)).toBeNull()
})

test('without a tag the shop says that the chat is not set up', async () => {
  tag = undefined
  const html = await (await fetch(url)).text()
  expect(html).toContain('once Parley is set up')
  expect(html).not.toContain('/w/')
})

test('its policy names the chat and nothing else', async () => {
  const policy = (await fetch(url)).headers.get('content-security-policy')
  expect(policy).toContain(`script-src 'self' ${chat};`)
  expect(policy).toContain(`connect-src ${chat} wss://chat.example.com;`)
  expect(policy).not.toContain('unsafe')
})

test.for(['/nowhere', '/site/layout.html', '/../config.ts', '/%2e%2e/config.ts', '/constructor'])(
  '%s is not found',
  async (path) => {
    expect((await fetch(url + path)).status).toBe(404)
  },
)

test('it only gives, and takes nothing', async () => {
  expect((await fetch(`${url}/checkout`, { method: 'POST' })).status).toBe(405)
})

test('a taken port is told, not hidden', async () => {
  const port = Number(new URL(url).port)
  await expect(
    startDemo({ port, host: '127.0.0.1', cspHost: chat, tag: () => undefined }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

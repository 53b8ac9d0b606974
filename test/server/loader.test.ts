import { afterAll, beforeAll, expect, test } from 'vitest'

import { fnv1a } from '../../shared/text/fnv1a.ts'
import { shopOrigin, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.dispose())

test('a site made a moment ago answers at once, with its settings baked in and no origin to be read', async () => {
  const site = await app.addSite('A $& shop')
  const { status, text, headers } = await app.request('GET', `/w/${site.key}.js`)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toContain('text/javascript')
  expect(text).toContain('"siteName":"A $& shop"')
  expect(text).toContain(String(fnv1a(shopOrigin)))
  expect(text).not.toContain(shopOrigin)
  expect(text).not.toContain('__PARLEY_CONFIG__')
})

test('it comes compressed, and is not sent again while it is the same', async () => {
  const site = await app.addSite()
  const response = await fetch(`${app.url}/w/${site.key}.js`, {
    headers: { 'accept-encoding': 'gzip, br' },
  })
  expect(response.headers.get('content-encoding')).toBe('br')
  const plain = await app.request('GET', `/w/${site.key}.js`, {
    headers: { 'accept-encoding': 'identity' },
  })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await response.text()).toBe(plain.text)
  const etag = response.headers.get('etag') ?? ''
  const again = await app.request('GET', `/w/${site.key}.js`, {
    headers: { 'if-none-match': etag },
  })
  expect(again.status).toBe(304)
})

test('a change of settings is in the next answer', async () => {
  const site = await app.addSite()
  const admin = await app.addPerson('admin')
  const before = await app.request('GET', `/w/${site.key}.js`)
  await app.request('PATCH', `/api/sites/${site.id}`, {
    person: admin,
    body: { settings: { accent: '#118844' } },
  })
  await expect
    .poll(async () => (await app.request('GET', `/w/${site.key}.js`)).text)
    .toContain('#118844')
  expect(before.text).not.toContain('#118844')
})

test('the live check says where the tag was loaded, and where it may not run', async () => {
  const site = await app.addSite()
  const admin = await app.addPerson('admin')
  const check = async () =>
    (await app.request('GET', `/api/sites/${site.id}/check`, { person: admin })).json
  expect(await check()).toEqual({ seen: null, refused: null })
  await app.request('GET', `/w/${site.key}.js`, { headers: { referer: `${shopOrigin}/` } })
  await app.request('GET', `/w/${site.key}.js`, { headers: { referer: 'https://other.example/x' } })
  await expect
    .poll(check)
    .toMatchObject({ seen: { origin: shopOrigin }, refused: { origin: 'https://other.example' } })
})

test('an unknown key says so in the page’s console and is not kept', async () => {
  const { status, text, headers } = await app.request('GET', '/w/nosuchkey123.js')
  expect(status).toBe(404)
  expect(text).toMatch(/^console\.warn\(/)
  expect(headers.get('cache-control')).toBe('no-store')
})

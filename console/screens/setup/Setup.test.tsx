// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'

import { createMemoryKeep, dana } from '../../../test/support/console-fixtures.ts'
import { createFakeTimers } from '../../../test/support/fake-timers.ts'
import { createTestWire } from '../../../test/support/test-wire.ts'
import { createApp } from '../../models/app.ts'
import { App } from '../App.tsx'

afterEach(cleanup)

const token = 'a-set-up-token-of-the-server'
const site = {
  id: 'site-one-1',
  key: 'key',
  name: 'Shop',
  origins: ['https://shop.example.com'],
  departmentId: 'department-one',
  settings: {},
  tag: '<script async src="https://chat.example.com/w/key.js"></script>',
  createdAt: 1,
}
const failure = (status: number, code: string) =>
  Response.json({ error: { code, message: 'No.' } }, { status })

/** A server before its set-up. */
function setUp(path: string, answers: Record<string, () => Response> = {}) {
  history.replaceState(null, '', path)
  const timers = createFakeTimers()
  const asked: { call: string; body: unknown }[] = []
  let isIn = false
  const known: Record<string, () => Response> = {
    'GET /api/session': () => failure(401, 'signed-out'),
    'GET /api/setup': () => Response.json({ isDone: isIn }),
    'POST /api/setup': () => {
      isIn = true
      return Response.json({ me: { ...dana, role: 'admin' }, csrf: 'csrf' })
    },
    'POST /api/ticket': () => Response.json({ ticket: 'ticket' }),
    'POST /api/sites': () => Response.json(site),
    'GET /api/sites': () => Response.json({ sites: [site] }),
    'GET /api/sites/site-one-1/check': () => Response.json({ seen: null, refused: null }),
    ...answers,
  }
  const app = createApp({
    page: window as unknown as Window & typeof globalThis,
    fetch(input, init) {
      const call = `${init?.method} ${String(input)}`
      asked.push({ call, body: typeof init?.body === 'string' ? JSON.parse(init.body) : null })
      return Promise.resolve(known[call]?.() ?? failure(404, 'not-found'))
    },
    openSocket: createTestWire().openSocket,
    timers,
    keep: createMemoryKeep(),
    bell: { ring() {} },
    newId: () => 'client-own-1',
  })
  render(<App app={app} />)
  app.start()
  return { app, timers, asked }
}
const fill = async (label: string, value: string) =>
  fireEvent.input(await screen.findByLabelText(label), { target: { value } })
const pressContinue = async () =>
  fireEvent.click(await screen.findByRole('button', { name: 'Continue' }))

test('three steps lead from the link to the tag', async () => {
  const { asked } = setUp(`/console/setup#${token}`)
  await fill('Your name', 'Dana Kalniņa')
  await fill('Email', 'dana@example.com')
  await fill('Password', 'a long enough password')
  await pressContinue()

  await fill('Site name', 'Shop')
  await fill('Allowed origins', 'shop.example.com')
  await pressContinue()

  expect(await screen.findByText(site.tag)).toBeTruthy()
  expect(await screen.findByText(/Not seen yet/)).toBeTruthy()
  expect(location.pathname + location.hash).toBe('/console/setup/tag/site-one-1')
  expect(asked.find(({ call }) => call === 'POST /api/setup')?.body).toEqual({
    token,
    name: 'Dana Kalniņa',
    email: 'dana@example.com',
    password: 'a long enough password',
  })
  expect(asked.find(({ call }) => call === 'POST /api/sites')?.body).toEqual({
    name: 'Shop',
    origins: ['https://shop.example.com'],
  })
})

test('what is missing is said beside its field, before the server is asked', async () => {
  const { asked } = setUp(`/console/setup#${token}`)
  await fill('Password', 'short')
  await pressContinue()
  expect(await screen.findByText('Enter a name.')).toBeTruthy()
  expect(screen.getByText('Enter your e-mail address.')).toBeTruthy()
  expect(asked.some(({ call }) => call === 'POST /api/setup')).toBe(false)
})

test('a link that was used says so and where to go', async () => {
  setUp(`/console/setup#${token}`, { 'GET /api/setup': () => Response.json({ isDone: true }) })
  expect(await screen.findByText('Parley is set up already')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe(
    '/console/sign-in',
  )
})

test('a wrong link says so and how to get a new one', async () => {
  setUp(`/console/setup#${token}`, { 'POST /api/setup': () => failure(403, 'wrong-link') })
  await fill('Your name', 'Dana')
  await fill('Email', 'dana@example.com')
  await fill('Password', 'a long enough password')
  await pressContinue()
  expect(await screen.findByText('This set-up link is not valid')).toBeTruthy()
  expect(screen.getByText(/Restart the server/)).toBeTruthy()
})

test('a page that is not on the list is allowed from the check only after a question that names it', async () => {
  const { timers, asked } = setUp('/console/setup/tag/site-one-1', {
    'GET /api/session': () => Response.json({ me: { ...dana, role: 'admin' }, csrf: 'csrf' }),
    'GET /api/sites/site-one-1/check': () =>
      Response.json({ seen: null, refused: { origin: 'https://www.example.com', at: 5 } }),
    'PATCH /api/sites/site-one-1': () =>
      Response.json({ ...site, origins: [...site.origins, 'https://www.example.com'] }),
  })
  expect(await screen.findByText(/loaded on https:\/\/www\.example\.com/)).toBeTruthy()
  const isAllowed = () => asked.some(({ call }) => call.startsWith('PATCH'))
  fireEvent.click(screen.getByRole('button', { name: 'Allow it…' }))
  expect(screen.getByText('Allow https://www.example.com to show this chat?')).toBeTruthy()
  expect(document.activeElement?.textContent).toBe('Cancel')
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(screen.queryByText(/to show this chat/)).toBeNull()
  await timers.settle()
  expect(isAllowed()).toBe(false)
  fireEvent.click(screen.getByRole('button', { name: 'Allow it…' }))
  fireEvent.click(screen.getByRole('button', { name: 'Allow' }))
  await timers.settle()
  await timers.settle()
  expect(asked.find(({ call }) => call.startsWith('PATCH'))?.body).toEqual({
    origins: ['https://shop.example.com', 'https://www.example.com'],
  })
  expect(screen.queryByText(/loaded on/)).toBeNull()
})

test('an invited person makes their account and is in', async () => {
  const { asked } = setUp(`/console/invitation#${token}`, {
    'POST /api/invitations/look': () =>
      Response.json({ email: 'juris@example.com', role: 'agent' }),
    'POST /api/invitations/accept': () => Response.json({ me: dana, csrf: 'csrf' }),
  })
  await fill('Your name', 'Juris')
  await fill('Password', 'a long enough password')
  fireEvent.click(screen.getByRole('button', { name: 'Join' }))
  expect(await screen.findByRole('navigation', { name: 'Main' })).toBeTruthy()
  expect(location.pathname).toBe('/console/inbox/mine')
  expect(asked.find(({ call }) => call === 'POST /api/invitations/accept')?.body).toMatchObject({
    token,
    email: 'juris@example.com',
  })
})

test('a withdrawn invitation says so', async () => {
  setUp(`/console/invitation#${token}`, {
    'POST /api/invitations/look': () => failure(403, 'wrong-link'),
  })
  expect(await screen.findByText('This invitation is not valid')).toBeTruthy()
})

test('one sentence for a wrong name and a wrong password, and a wait after too many', async () => {
  const refusals = [
    () => failure(401, 'wrong-credentials'),
    () =>
      Response.json(
        { error: { code: 'too-fast', message: 'Slower.', retryAfterMs: 31_000 } },
        { status: 429 },
      ),
  ]
  setUp('/console/sign-in', { 'POST /api/session': () => (refusals.shift() ?? Response.error)() })
  await fill('Email', 'dana@example.com')
  await fill('Password', 'not this one')
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(await screen.findByText(/do not belong together/)).toBeTruthy()
  fireEvent.click(await screen.findByRole('button', { name: 'Sign in' }))
  expect(await screen.findByText(/Wait 31 seconds/)).toBeTruthy()
})

test('a server that does not answer can be asked again', async () => {
  const { app } = setUp('/console/inbox/mine', {
    'GET /api/session': () => new Response('', { status: 502 }),
  })
  expect(await screen.findByText('Parley is not answering')).toBeTruthy()
  expect(app.session.state.value.kind).toBe('failed')
  expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
})

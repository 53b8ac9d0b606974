// @vitest-environment happy-dom
import { expect, test } from 'vitest'

import { createMemoryKeep, dana, makeWelcome } from '../../test/support/console-fixtures.ts'
import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createTestWire } from '../../test/support/test-wire.ts'
import { createApp } from './app.ts'

/** The console without screens, at an address, before a server of a few answers. */
function setUp(path: string, { isSignedIn }: { isSignedIn: boolean }) {
  history.replaceState(null, '', path)
  const timers = createFakeTimers()
  const wire = createTestWire()
  const server = { isSignedIn }
  const no = (code: string, status: number) =>
    Response.json({ error: { code, message: 'No.' } }, { status })
  const app = createApp({
    page: window as unknown as Window & typeof globalThis,
    fetch: (input, init) => {
      const call = `${init?.method} ${String(input)}`
      if (call === 'POST /api/session') server.isSignedIn = true
      if (!server.isSignedIn) return Promise.resolve(no('signed-out', 401))
      if (call === 'DELETE /api/session') server.isSignedIn = false
      if (call === 'POST /api/ticket') return Promise.resolve(Response.json({ ticket: 'ticket' }))
      return Promise.resolve(Response.json({ me: dana, csrf: 'csrf' }))
    },
    openSocket: wire.openSocket,
    timers,
    keep: createMemoryKeep(),
    bell: { ring() {} },
    newId: () => 'client-own-1',
  })
  const welcome = async () => {
    await timers.settle()
    wire.link.open()
    await timers.settle()
    wire.link.receive(makeWelcome())
    await timers.settle()
  }
  return { app, timers, wire, server, welcome }
}

test('who is not signed in is asked to, and comes back to where they wanted to go', async () => {
  const { app, timers } = setUp('/console/inbox/team/conversation-1', { isSignedIn: false })
  app.start()
  await timers.settle()
  expect(location.pathname).toBe('/console/sign-in')
  await app.session.signIn('dana@example.com', 'a long password')
  expect(location.pathname).toBe('/console/inbox/team/conversation-1')
  app.stop()
})

test('[D11] a session that ends on the server ends here, with a word, and keeps the address', async () => {
  const { app, server, wire, welcome, timers } = setUp('/console/settings/people', {
    isSignedIn: true,
  })
  app.start()
  await welcome()
  expect(app.workspace.value?.link.value.kind).toBe('online')

  server.isSignedIn = false
  wire.link.receive({ type: 'bye', code: 'signed-out', message: 'Signed out.' })
  await timers.settle()
  expect(app.session.state.value).toEqual({ kind: 'out', why: 'ended' })
  expect(app.workspace.value).toBeUndefined()
  expect(location.pathname).toBe('/console/sign-in')

  await app.session.signIn('dana@example.com', 'a long password')
  expect(location.pathname).toBe('/console/settings/people')
  app.stop()
})

test('signing out by oneself is no end to be surprised by', async () => {
  const { app, welcome } = setUp('/console/inbox/mine', { isSignedIn: true })
  app.start()
  await welcome()
  await app.session.signOut()
  expect(app.session.state.value).toEqual({ kind: 'out', why: 'chosen' })
  app.stop()
})

test('an address of somebody else is never returned to', async () => {
  const { app, timers } = setUp('/console/sign-in', { isSignedIn: false })
  history.replaceState({ returnTo: 'https://evil.example/console/' }, '', '/console/sign-in')
  app.start()
  await timers.settle()
  await app.session.signIn('dana@example.com', 'a long password')
  expect(location.pathname).toBe('/console/inbox/mine')
  app.stop()
})

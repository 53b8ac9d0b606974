import fc from 'fast-check'
import { expect, test } from 'vitest'

import { inboxViews, parseRoute, settingsPages, toPath, type Route } from './routes.ts'

test.for([
  { path: '/', route: { screen: 'inbox', view: 'mine' } },
  { path: '/console', route: { screen: 'inbox', view: 'mine' } },
  { path: '/console/', route: { screen: 'inbox', view: 'mine' } },
  { path: '/console/inbox', route: { screen: 'inbox', view: 'mine' } },
  { path: '/console/settings', route: { screen: 'settings', page: 'account' } },
  { path: '/console/inbox/nonsense', route: { screen: 'not-found' } },
  { path: '/console/settings/people/one', route: { screen: 'not-found' } },
  { path: '/console/inbox/mine/conversation-1/more', route: { screen: 'not-found' } },
  { path: '/console/inbox/mine/a b', route: { screen: 'inbox', view: 'mine' } },
  { path: '/consoles', route: { screen: 'not-found' } },
])('$path is $route.screen', ({ path, route }) => {
  expect(parseRoute(path)).toEqual(route)
})

test('the token of a link stands after the #', () => {
  expect(parseRoute('/console/setup', '#abc')).toEqual({
    screen: 'setup',
    step: 'account',
    token: 'abc',
  })
  expect(parseRoute('/console/invitation', '#abc')).toEqual({ screen: 'invitation', token: 'abc' })
})

const id = fc.stringMatching(/^[A-Za-z0-9_-]{8,64}$/)
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ screen: 'sign-in' }),
  fc.constant<Route>({ screen: 'setup', step: 'site' }),
  id.map((one): Route => ({ screen: 'setup', step: 'tag', id: one })),
  id.map((token): Route => ({ screen: 'setup', step: 'account', token })),
  id.map((token): Route => ({ screen: 'invitation', token })),
  fc
    .tuple(fc.constantFrom(...inboxViews), fc.option(id, { nil: undefined }))
    .map(([view, conversationId]): Route => ({
      screen: 'inbox',
      view,
      ...(conversationId && { conversationId }),
    })),
  fc.constantFrom(...settingsPages).map((page): Route => ({ screen: 'settings', page })),
  id.map((site): Route => ({ screen: 'settings', page: 'sites', id: site })),
)

test('every screen has an address that leads back to it', () => {
  fc.assert(
    fc.property(route, (known) => {
      const { pathname, hash } = new URL(toPath(known), 'https://chat.example.com')
      expect(parseRoute(pathname, hash)).toEqual(known)
    }),
  )
})

test('no address is an error', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (path, hash) => {
      expect(parseRoute(path, hash)).toHaveProperty('screen')
    }),
  )
})

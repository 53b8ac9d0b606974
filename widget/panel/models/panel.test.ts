// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'

import { createFakeTimers } from '../../../test/support/fake-timers.ts'
import {
  makeConfig,
  makeConversation,
  makeKept,
  makeMessage,
  makeServer,
  makeWelcome,
} from '../../../test/support/widget-fixtures.ts'
import { createChatPart } from '../chat.tsx'
import { createPanel } from './panel.ts'

function setUp({ server = makeServer(), kept = makeKept(), tabKept = makeKept() } = {}) {
  const timers = createFakeTimers()
  const seen = { isOpen: false, unread: -1, focused: 0 }
  const panel = createPanel({
    config: makeConfig(),
    kept,
    tabKept,
    timers,
    openSocketFor: () => server.openSocket,
    getStartFacts: () => ({ page: { url: 'https://shop.example/', title: 'Shop' } }),
    hooks: {
      onOpenChange: (isOpen) => (seen.isOpen = isOpen),
      onUnread: (unread) => (seen.unread = unread),
      focusOpener: () => seen.focused++,
    },
    loadChat: async () => ({ createChatPart }),
  })
  return { panel, server, timers, kept, tabKept, seen }
}

const openOnes = makeWelcome({ conversations: [makeConversation()] })

describe('before the visitor acts', () => {
  test('nothing is stored and no socket is opened', async () => {
    const { server, kept, tabKept, timers } = setUp()
    await timers.advance(60_000)
    expect(server.heard).toEqual([])
    expect([...kept.keys(''), ...tabKept.keys('')]).toEqual([])
  })
})

describe('opening', () => {
  test('says hello with a token of its own, which is kept', async () => {
    const { panel, server, timers, kept } = setUp()
    panel.open(true)
    await timers.settle()
    const [hello] = server.all('hello')
    expect(hello).toMatchObject({ version: 1, site: 'sitekey', token: kept.get('token') })
  })

  test('shows home to who is new, and an open conversation to who comes back', async () => {
    const fresh = setUp()
    fresh.panel.open(true)
    await fresh.timers.settle()
    expect(fresh.panel.shownId.value).toBeUndefined()

    const back = setUp({ server: makeServer({ welcome: openOnes }) })
    back.panel.open(true)
    await back.timers.settle()
    expect(back.panel.shownId.value).toBe('conversation-1')
    expect(back.kept.get('current')).toBe('conversation-1')
  })

  test('lets go of a link that nobody needs, and takes it up again', async () => {
    const { panel, timers } = setUp()
    panel.open(true)
    await timers.settle()
    panel.close()
    await timers.advance(31_000)
    expect(panel.session.value?.link.value.kind).toBe('idle')
    panel.open(true)
    await timers.advance(1000)
    expect(panel.session.value?.link.value.kind).toBe('online')
  })

  test('is remembered for the next page of this tab, until the panel is closed', () => {
    const { panel, tabKept, seen } = setUp()
    panel.open(true)
    expect(tabKept.get('open')).toBe('1')
    panel.dismiss()
    expect(tabKept.get('open')).toBeUndefined()
    expect(seen).toMatchObject({ isOpen: false, focused: 1 })
  })
})

describe('sending', () => {
  test('the first words begin a conversation and carry the facts of its start', async () => {
    const { panel, server, timers } = setUp()
    panel.open(true)
    await timers.settle()
    panel.send('Hello')
    await timers.settle()
    expect(server.all('message.send')).toMatchObject([
      { text: 'Hello', start: { page: { url: 'https://shop.example/' } } },
    ])
    expect(panel.shownId.value).toBe(server.all('message.send')[0]?.['conversationId'])
  })

  test('words in a conversation that exists carry no facts', async () => {
    const { panel, server, timers } = setUp({ server: makeServer({ welcome: openOnes }) })
    panel.open(true)
    await timers.settle()
    panel.send('Hello')
    await timers.settle()
    const [sent] = server.all('message.send')
    expect(sent).toMatchObject({ conversationId: 'conversation-1' })
    expect(sent).not.toHaveProperty('start')
  })

  test('words without an answer are still there on the next page, and sent again with the same id', async () => {
    const before = setUp()
    before.panel.open(true)
    await before.timers.settle()
    before.panel.send('Hello')
    await before.timers.settle()
    const [first] = before.server.all('message.send')

    const after = setUp({ kept: before.kept })
    after.panel.start()
    await after.timers.settle()
    expect(after.server.all('message.send')).toMatchObject([{ clientId: first?.['clientId'] }])
    expect(after.panel.shownId.value).toBe(first?.['conversationId'])
    expect(after.panel.isOpen.value).toBe(false)
  })

  test('what came too late for an ended chat goes into a new one', async () => {
    const { panel, server, timers } = setUp({ server: makeServer({ welcome: openOnes }) })
    panel.open(true)
    await timers.settle()
    panel.retry({
      clientId: 'late-one',
      conversationId: 'conversation-1',
      kind: 'message',
      text: 'Wait',
      createdAt: 0,
      state: 'failed',
      code: 'conversation-closed',
    })
    await timers.settle()
    const [sent] = server.all('message.send')
    expect(sent).toMatchObject({ text: 'Wait' })
    expect(sent?.['conversationId']).not.toBe('conversation-1')
  })
})

describe('drafts', () => {
  test('a draft survives the page and goes with its conversation', async () => {
    const { panel, kept, timers } = setUp({ server: makeServer({ welcome: openOnes }) })
    panel.open(true)
    await timers.settle()
    panel.type('half a sen')
    panel.goHome()
    expect(panel.draft.value).toBe('')
    panel.goTo('conversation-1')
    expect(panel.draft.value).toBe('half a sen')

    const next = setUp({ kept, server: makeServer({ welcome: openOnes }) })
    next.panel.open(true)
    await next.timers.settle()
    expect(next.panel.draft.value).toBe('half a sen')
  })

  test('what was begun at home is still there in the new conversation', () => {
    const { panel } = setUp()
    panel.open(true)
    panel.type('I have')
    panel.startNew()
    expect(panel.draft.value).toBe('I have')
    panel.send('I have a question')
    expect(panel.draft.value).toBe('')
    panel.type('And')
    panel.goHome()
    expect(panel.draft.value).toBe('')
  })
})

describe('reading', () => {
  const history = [
    makeMessage(1, 'Hello', { isMine: true }),
    makeMessage(2, 'Hi'),
    makeMessage(3, 'How can I help?'),
  ]
  const welcome = makeWelcome({ conversations: [makeConversation({ lastSeq: 3, unread: 2 })] })

  test('is told when the words are in sight', async () => {
    const { panel, server, timers, seen } = setUp({ server: makeServer({ welcome, history }) })
    panel.open(true)
    await timers.settle()
    await timers.settle()
    expect(server.all('read.set')).toMatchObject([{ conversationId: 'conversation-1', seq: 3 }])
    expect(seen.unread).toBe(0)
  })

  test.for(['closed', 'hidden'])(
    'is not told while the panel is %s, and the words are counted',
    async (how) => {
      const { panel, server, timers, seen } = setUp({ server: makeServer({ welcome, history }) })
      if (how === 'closed') panel.start()
      else {
        panel.isVisible.value = false
        panel.open(true)
      }
      await timers.settle()
      await timers.settle()
      expect(server.all('read.set')).toEqual([])
      expect(seen.unread).toBe(2)
    },
  )
})

describe('a revoked token', () => {
  test('is forgotten with everything that belongs to it, and the visitor starts as new', async () => {
    const server = makeServer({ welcome: openOnes })
    const { panel, timers, kept } = setUp({ server })
    panel.open(true)
    await timers.settle()
    panel.type('a draft')
    const old = kept.get('token')

    server.refusal = { code: 'token-revoked', message: 'Revoked.' }
    server.push({ type: 'bye', ...server.refusal })
    server.refusal = undefined
    server.welcome = makeWelcome()
    await timers.advance(1000)

    expect(kept.get('token')).not.toBe(old)
    expect(kept.keys('draft')).toEqual([])
    expect(server.all('hello').at(-1)).toMatchObject({ token: kept.get('token') })
    expect(panel.shownId.value).toBeUndefined()
    expect(panel.draft.value).toBe('')
  })

  test('does not send a client round in circles', async () => {
    const server = makeServer()
    server.refusal = { code: 'token-revoked', message: 'Revoked.' }
    const { panel, timers } = setUp({ server })
    panel.open(true)
    await timers.advance(50_000)
    expect(server.all('hello').length).toBe(2)
  })
})

test('a lost link is told after a moment, and no longer than it is lost', async () => {
  const { panel, server, timers } = setUp()
  panel.open(true)
  await timers.settle()
  server.isDown = true
  server.cut()
  await timers.settle()
  expect(panel.hasLinkNotice.value).toBe(false)
  await timers.advance(30_000)
  expect(panel.hasLinkNotice.value).toBe(true)
  server.isDown = false
  await timers.advance(31_000)
  expect(panel.hasLinkNotice.value).toBe(false)
})

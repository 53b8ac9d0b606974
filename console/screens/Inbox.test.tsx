// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, test } from 'vitest'

import {
  conversationId,
  dana,
  fromVisitor,
  makeHistory,
  makeMine,
  makeRow,
} from '../../test/support/console-fixtures.ts'
import { openConsole } from '../../test/support/console-screen.tsx'
import { openHelp } from '../components/HelpDialog.tsx'
import { App } from './App.tsx'

afterEach(() => {
  cleanup()
  openHelp.value = false
})

type Options = Parameters<typeof openConsole>[0]
async function setUp(options: Options = {}) {
  const console = await openConsole(options)
  console.show(<App app={console.app} />)
  await console.timers.settle()
  return console
}
const list = (name = 'Conversations') => screen.getByRole('list', { name })
const names = (name?: string) =>
  within(list(name))
    .getAllByRole('link')
    .map((link) => link.querySelector('.row-name')?.firstChild?.textContent)
const press = (key: string, more: object = {}) => fireEvent.keyDown(document.body, { key, ...more })

const ring = (timers: { now(): number }, id = 'offer-one') => ({
  type: 'offer',
  offerId: id,
  row: makeRow({
    status: 'offered',
    offer: { id, agentId: dana.id, deadlineAt: timers.now() + 30_000 },
  }),
  firstWords: 'Is it in stock?',
  deadlineAt: timers.now() + 30_000,
  serverTime: timers.now(),
})

describe('the list', () => {
  test('names who it is, the last words, the unread, and those who wait in the queue below', async () => {
    await setUp({
      welcome: {
        rows: [
          makeMine({ id: 'conversation-m', unread: 2 }),
          makeRow({ id: 'conversation-q', visitorName: null }),
        ],
        counts: { mine: 1, queue: 1, team: 1 },
      },
    })
    expect(names()).toEqual(['Marta Bērziņa'])
    expect(names('Waiting in queue')).toEqual(['Visitor from Riga'])
    expect(within(list()).getByText(/2 unread messages/)).toBeTruthy()
    expect(within(list()).getByText('Hello')).toBeTruthy()
  })

  test('an empty one teaches', async () => {
    const { timers } = await setUp({
      answers: {
        'GET /api/sites': () =>
          Response.json({
            sites: [
              {
                id: 'site-one-1',
                key: 'key',
                name: 'Shop',
                origins: ['https://shop.example.com'],
                departmentId: 'department-one',
                settings: {},
                tag: '<script async src="https://chat.example.com/w/key.js"></script>',
                createdAt: 1,
              },
            ],
          }),
      },
    })
    await timers.settle()
    expect(screen.getByText('No chats of yours')).toBeTruthy()
    expect(screen.getByText('Send yourself a first chat')).toBeTruthy()
    expect(screen.getByText(/<script async src=/)).toBeTruthy()
  })

  test('has an address for each view and conversation', async () => {
    const { timers } = await setUp({ welcome: { rows: [makeMine()] } })
    fireEvent.click(screen.getByRole('link', { name: /^Queue/ }))
    await timers.settle()
    expect(location.pathname).toBe('/console/inbox/queue')
    fireEvent.click(screen.getByRole('link', { name: /^Mine/ }))
    await timers.settle()
    fireEvent.click(within(list()).getAllByRole('link')[0]!)
    await timers.settle()
    expect(location.pathname).toBe(`/console/inbox/mine/${conversationId}`)
    expect(screen.getByRole('log')).toBeTruthy()
  })
})

describe('an offer', () => {
  test('rings with sound, title, first words and the time that is left', async () => {
    const { receive, timers, rung, app } = await setUp()
    await receive(ring(timers))
    await timers.settle()
    expect(screen.getByText('Is it in stock?')).toBeTruthy()
    expect(screen.getByText('30 s')).toBeTruthy()
    expect(document.title).toContain('Marta Bērziņa wants to talk')
    expect(rung).toEqual(['offer'])
    await timers.advance(9000)
    expect(rung).toEqual(['offer', 'offer', 'offer'])
    expect(screen.getByText('21 s')).toBeTruthy()
    app.preferences.hasSound.value = false
    await timers.advance(9000)
    expect(rung).toHaveLength(3)
  })

  test('a visitor’s words ring where nobody looks, but not what was there before', async () => {
    const { receive, rung } = await setUp({ welcome: { rows: [makeMine({ unread: 1 })] } })
    const counts = { mine: 1, queue: 0, team: 1 }
    await receive({ type: 'rows', rows: [makeMine({ id: 'conversation-new', unread: 3 })], counts })
    expect(rung).toEqual([])
    await receive({ type: 'rows', rows: [makeMine({ unread: 2 })], counts })
    expect(rung).toEqual(['message'])
  })

  test('is accepted with A and opens, ready to answer', async () => {
    const { receive, timers, sent, answer } = await setUp()
    await receive(ring(timers))
    press('a')
    expect(sent('offer.accept')).toMatchObject([{ conversationId, offerId: 'offer-one' }])
    await answer('offer.accept', {})
    await receive({ type: 'rows', rows: [makeMine()], counts: { mine: 1, queue: 0, team: 1 } })
    expect(location.pathname).toBe(`/console/inbox/mine/${conversationId}`)
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Reply' }))
    expect(screen.queryByRole('button', { name: 'Decline' })).toBeNull()
  })

  test('is declined with a reason', async () => {
    const { receive, timers, sent } = await setUp()
    await receive(ring(timers))
    fireEvent.click(screen.getByRole('button', { name: 'Decline with a reason' }))
    await timers.settle()
    fireEvent.input(screen.getByRole('textbox', { name: /Reason/ }), { target: { value: 'Lunch' } })
    fireEvent.submit(screen.getByRole('textbox', { name: /Reason/ }).closest('form')!)
    expect(sent('offer.decline')).toMatchObject([{ reason: 'Lunch' }])
  })
})

describe('keys', () => {
  const rows = [
    makeMine({ id: 'conversation-a', waitingSince: 1 }),
    makeMine({ id: 'conversation-b', waitingSince: 2 }),
  ]

  test('J and K walk through the list', async () => {
    const { timers } = await setUp({ welcome: { rows } })
    press('j')
    await timers.settle()
    expect(location.pathname).toBe('/console/inbox/mine/conversation-a')
    press('j')
    await timers.settle()
    expect(location.pathname).toBe('/console/inbox/mine/conversation-b')
    press('k')
    await timers.settle()
    expect(location.pathname).toBe('/console/inbox/mine/conversation-a')
  })

  test('E closes what I hold, once it is open', async () => {
    const { sent } = await setUp({
      path: '/console/inbox/mine/conversation-a',
      welcome: { rows },
    })
    press('e')
    expect(sent('conversation.close')).toMatchObject([{ conversationId: 'conversation-a' }])
  })

  test('they sleep while one types, with Ctrl, and when they are switched off', async () => {
    const { app, sent } = await setUp({
      path: '/console/inbox/mine/conversation-a',
      welcome: { rows },
    })
    fireEvent.keyDown(screen.getByRole('textbox', { name: 'Reply' }), { key: 'e' })
    press('e', { ctrlKey: true })
    app.preferences.hasShortcuts.value = false
    press('e')
    expect(sent('conversation.close')).toEqual([])
  })
})

describe('a conversation', () => {
  test('that waits can be taken; who was quicker is named', async () => {
    const { wire, sent, resume, timers } = await setUp({
      path: `/console/inbox/queue/${conversationId}`,
      welcome: { rows: [makeRow()] },
    })
    await resume(makeHistory([fromVisitor('Hello')]))
    fireEvent.click(screen.getByRole('button', { name: 'Take it' }))
    wire.link.receive({
      type: 'failed',
      ref: sent('conversation.claim')[0]?.ref,
      code: 'already-claimed',
      message: 'Taken.',
      isRetryable: false,
      holder: 'Juris',
    })
    await timers.settle()
    await timers.settle()
    expect(screen.getByText('Juris has this conversation already.')).toBeTruthy()
  })

  test('of a colleague can be read, not closed', async () => {
    await setUp({
      path: `/console/inbox/team/${conversationId}`,
      welcome: { rows: [makeMine({ assigneeId: 'agent-juris' })] },
    })
    expect(screen.queryByRole('button', { name: 'Close conversation' })).toBeNull()
  })

  test('that is closed can be reopened, at once from the notice too', async () => {
    const { answer, sent, receive, timers } = await setUp({
      path: `/console/inbox/mine/${conversationId}`,
      welcome: { rows: [makeMine()] },
    })
    fireEvent.click(screen.getByRole('button', { name: 'Close conversation' }))
    await answer('conversation.close', {})
    await receive({
      type: 'rows',
      rows: [makeMine({ status: 'closed', closedAt: 2 })],
      counts: { mine: 0, queue: 0, team: 0 },
    })
    await timers.settle()
    expect(screen.getAllByRole('button', { name: 'Reopen' })).toHaveLength(2)
    fireEvent.click(screen.getAllByRole('button', { name: 'Reopen' })[0]!)
    expect(sent('conversation.reopen')).toHaveLength(1)
  })

  test('that is not there says so', async () => {
    const { wire, sent, timers } = await setUp({ path: '/console/inbox/mine/conversation-x' })
    wire.link.receive({
      type: 'failed',
      ref: sent('conversation.resume')[0]?.ref,
      code: 'not-found',
      message: 'No.',
      isRetryable: false,
    })
    await timers.settle()
    await timers.settle()
    expect(screen.getByText('This conversation is not here')).toBeTruthy()
  })
})

test('a lost link is told of, not at once, and gone when it is back', async () => {
  const { wire, timers, receive } = await setUp()
  wire.link.drop()
  await timers.settle()
  expect(screen.queryByText(/You are offline/)).toBeNull()
  for (let tries = 0; tries < 6; tries++) {
    await timers.advance(1000)
    if (!wire.link.isClosed) wire.link.drop()
  }
  await timers.settle()
  expect(screen.getByText(/You are offline|Connecting again/)).toBeTruthy()
  await receive()
})

// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'

import {
  conversationId,
  dana,
  fromMe,
  fromVisitor,
  makeHistory,
  makeMine,
  noteOfMine,
} from '../../test/support/console-fixtures.ts'
import { openConsole } from '../../test/support/console-screen.tsx'
import { MessageLog } from './MessageLog.tsx'

afterEach(cleanup)

async function setUp(events: Parameters<typeof makeHistory>[0], visitorReadSeq = 0) {
  const console = await openConsole({ welcome: { rows: [makeMine()] } })
  const conversation = console.workspace.open(conversationId)
  console.show(<MessageLog conversation={conversation} visitorName="Marta" />)
  await console.resume(makeHistory(events), visitorReadSeq)
  return console
}
const log = () => screen.getByRole('log', { name: 'Messages' })

test('what a person wrote is text and never markup', async () => {
  const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3)'
  await setUp([fromVisitor(hostile)])
  expect(within(log()).getByText(hostile)).toBeTruthy()
  expect(log().querySelector('img, script, a')).toBeNull()
})

test('links open elsewhere and tell nothing about us', async () => {
  await setUp([fromVisitor('see https://shop.example.com/orders/1.')])
  const link = within(log()).getByRole('link')
  expect(link.getAttribute('href')).toBe('https://shop.example.com/orders/1')
  expect(link.getAttribute('rel')).toBe('noopener noreferrer nofollow ugc')
  expect(link.getAttribute('target')).toBe('_blank')
})

test('[D12] my words say how far they came', async () => {
  await setUp([fromMe('One'), fromVisitor('Two'), fromMe('Three')], 1)
  expect(within(log()).getByText('Read')).toBeTruthy()
  expect(within(log()).getByText('Sent')).toBeTruthy()
})

test('[D12] what was refused says so and can be tried again', async () => {
  const { workspace, wire, timers, sent } = await setUp([fromVisitor('Hello')])
  workspace.outbox.send(conversationId, 'message', 'Good day')
  const [command] = sent('message.send')
  await timers.settle()
  expect(within(log()).getByText('Sending…')).toBeTruthy()
  wire.link.receive({
    type: 'failed',
    ref: command?.ref,
    code: 'not-allowed',
    message: 'No.',
    isRetryable: false,
  })
  await timers.settle()
  expect(within(log()).getByText('Not sent')).toBeTruthy()
  fireEvent.click(within(log()).getByRole('button', { name: 'Try again' }))
  await timers.settle()
  expect(sent('message.send').map(({ clientId }) => clientId)).toEqual([
    command?.clientId,
    command?.clientId,
  ])
})

test('notes are marked as internal', async () => {
  await setUp([noteOfMine('Among us')])
  expect(within(log()).getByText('Internal note')).toBeTruthy()
})

test('what happened stands between the words', async () => {
  const juris = { id: 'agent-juris', name: 'Juris' }
  await setUp([
    { type: 'created', page: { url: 'https://shop.example.com/checkout', title: 'Checkout' } },
    { type: 'offered', agent: juris, deadlineAt: 1 },
    { type: 'declined', agent: juris, reason: 'Lunch' },
    { type: 'queued', reason: 'declined' },
    {
      type: 'assigned',
      agent: { id: dana.id, name: dana.name },
      how: 'accepted',
      waitedMs: 18_000,
    },
    { type: 'contact', name: null, email: 'marta@example.com' },
    { type: 'closed', by: 'agent', agent: { id: dana.id, name: dana.name } },
  ])
  const lines = [...log().querySelectorAll('.log-line > span')].map((line) => line.textContent)
  expect(lines).toEqual([
    'Marta started a chat from /checkout',
    'Offered to Juris',
    'Juris declined: Lunch',
    'Assigned to you · answered in 18s',
    'Left marta@example.com',
    'You closed the conversation',
  ])
})

test('the visitor’s typing is a ghost of the words to come', async () => {
  const { receive } = await setUp([fromVisitor('Hello')])
  const by = { kind: 'visitor', id: 'visitor-marta' }
  await receive({ type: 'typing', conversationId, by, isTyping: true, text: 'a replacement wou' })
  expect(within(log()).getByText('a replacement wou')).toBeTruthy()
  expect(within(log()).getByText('Marta is typing')).toBeTruthy()
})

test('new words of the visitor are announced, the history and my own are not', async () => {
  const { receive } = await setUp([fromVisitor('Hello'), fromMe('Good day')])
  const announced = () =>
    screen
      .getAllByRole('status')
      .map((status) => status.textContent)
      .join('')
  expect(announced()).toBe('')
  await receive({
    type: 'event',
    event: makeHistory([fromVisitor(''), fromMe(''), fromVisitor('And now?')])[2]!,
  })
  await waitFor(() => expect(announced()).toBe('Marta: And now?'))
})

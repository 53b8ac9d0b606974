// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'

import { limits } from '../../shared/protocol/limits.ts'
import {
  conversationId,
  createMemoryKeep,
  fromVisitor,
  makeHistory,
  makeMine,
  makeRow,
} from '../../test/support/console-fixtures.ts'
import { openConsole } from '../../test/support/console-screen.tsx'
import { Composer } from './Composer.tsx'

afterEach(cleanup)

async function setUp({ row = makeMine(), keep = createMemoryKeep() } = {}) {
  const console = await openConsole({ welcome: { rows: [row] }, keep })
  const conversation = console.workspace.open(conversationId)
  await console.resume(makeHistory([fromVisitor('Hello')]))
  console.show(<Composer conversation={conversation} />)
  return console
}
const field = (name = 'Reply') => screen.getByRole<HTMLTextAreaElement>('textbox', { name })
const type = (text: string, name = 'Reply') =>
  fireEvent.input(field(name), { target: { value: text } })

test('Enter sends what was typed and empties the field', async () => {
  const { sent } = await setUp()
  type('  Good day  ')
  fireEvent.keyDown(field(), { key: 'Enter' })
  expect(sent('message.send')).toMatchObject([{ conversationId, text: 'Good day' }])
  expect(field().value).toBe('')
})

test('neither Shift+Enter nor the Enter of an input method sends', async () => {
  const { sent } = await setUp()
  type('こんにちは')
  fireEvent.keyDown(field(), { key: 'Enter', shiftKey: true })
  fireEvent.keyDown(field(), { key: 'Enter', isComposing: true })
  fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229 })
  expect(sent('message.send')).toEqual([])
  expect(field().value).toBe('こんにちは')
})

test('blanks are not sent', async () => {
  const { sent } = await setUp()
  type(' \n ')
  fireEvent.keyDown(field(), { key: 'Enter' })
  expect(sent('message.send')).toEqual([])
  expect(screen.getByRole('button', { name: /Send/ })).toHaveProperty('disabled', true)
})

test('what is too long is counted before it is sent, and kept', async () => {
  const { sent } = await setUp()
  type('x'.repeat(limits.messageText - 5))
  expect(screen.getByText('5 characters left')).toBeTruthy()
  type('x'.repeat(limits.messageText + 1))
  expect(screen.getByText(/1 character too long/)).toBeTruthy()
  fireEvent.keyDown(field(), { key: 'Enter' })
  expect(sent('message.send')).toEqual([])
  expect(field().value).toHaveLength(limits.messageText + 1)
})

test('half a character does no harm', async () => {
  const { sent } = await setUp()
  type('ok \ud83d')
  fireEvent.keyDown(field(), { key: 'Enter' })
  expect(sent('message.send')).toMatchObject([{ text: 'ok \ufffd' }])
})

test('a note is another field, with a draft of its own, and goes only to the team', async () => {
  const { sent } = await setUp()
  type('To the visitor')
  fireEvent.click(screen.getByRole('tab', { name: 'Note' }))
  expect(field('Note').value).toBe('')
  type('Among us', 'Note')
  fireEvent.keyDown(field('Note'), { key: 'Enter' })
  expect(sent('note.send')).toMatchObject([{ text: 'Among us' }])
  expect(sent('message.send')).toEqual([])
  fireEvent.click(screen.getByRole('tab', { name: 'Reply' }))
  expect(field().value).toBe('To the visitor')
})

test('a draft is there again after a reload', async () => {
  const keep = createMemoryKeep()
  await setUp({ keep })
  type('Half a sen')
  cleanup()
  await setUp({ keep })
  expect(field().value).toBe('Half a sen')
})

test('typing is told while I write an answer, not while I write a note', async () => {
  const { sent } = await setUp()
  type('H')
  expect(sent('typing.set')).toMatchObject([{ conversationId, isTyping: true }])
  fireEvent.click(screen.getByRole('tab', { name: 'Note' }))
  type('N', 'Note')
  expect(sent('typing.set').map(({ isTyping }) => isTyping)).toEqual([true, false])
})

test.for([
  {
    name: 'a colleague has it',
    row: makeMine({ assigneeId: 'agent-juris' }),
    says: /Juris has this/,
  },
  { name: 'nobody has it', row: makeRow(), says: /Nobody has this conversation yet/ },
  {
    name: 'it is closed',
    row: makeMine({ status: 'closed', closedAt: 1 }),
    says: /This conversation is closed/,
  },
])('when $name one cannot answer but leave a note', async ({ row, says }) => {
  const { sent } = await setUp({ row })
  expect(screen.getByText(says)).toBeTruthy()
  expect(field().readOnly).toBe(true)
  fireEvent.click(screen.getByRole('tab', { name: 'Note' }))
  type('Seen', 'Note')
  fireEvent.keyDown(field('Note'), { key: 'Enter' })
  expect(sent('note.send')).toHaveLength(1)
})

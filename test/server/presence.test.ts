import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Colleague, ConversationRow } from '../../shared/protocol/conversation.ts'
import type { Team } from '../../shared/protocol/events.ts'
import { accept, isRow, isState, newToken, openAgent, startChat } from '../support/chat.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import type { Frame, Wire } from '../support/wire-client.ts'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.dispose())

/** A departure shows after a moment: a page reload is none. */
const patience = { timeout: 6_000 }

/** What the socket was told last. */
const lastOf = (wire: Wire, fits: (frame: Frame) => boolean) => wire.frames.findLast(fits)

function isAgentThere(wire: Wire, conversationId: string) {
  const frame = lastOf(
    wire,
    isState(conversationId, () => true),
  )
  return (frame?.['conversation'] as { agent: { isPresent: boolean } | null } | undefined)?.agent
    ?.isPresent
}

const teamOf = (wire: Wire) =>
  (lastOf(wire, ({ type }) => type === 'team' || type === 'welcome')?.['team'] as Team | undefined)
    ?.isAvailable

test('a visitor sees their agent go away and come back, lose the connection and come back', async () => {
  const site = await app.addSite()
  const { wire, person } = await openAgent(app)
  const { wire: visitor, conversationId } = await startChat(app, site.key)
  await accept(wire, conversationId)
  await expect.poll(() => isAgentThere(visitor, conversationId)).toBe(true)
  await wire.ask('status.set', { status: 'away' })
  await expect.poll(() => isAgentThere(visitor, conversationId)).toBe(false)
  await wire.ask('status.set', { status: 'online' })
  await expect.poll(() => isAgentThere(visitor, conversationId)).toBe(true)

  wire.close()
  await expect.poll(() => isAgentThere(visitor, conversationId), patience).toBe(false)
  await app.openAgent(person)
  await expect.poll(() => isAgentThere(visitor, conversationId)).toBe(true)
})

test('a page that came while nobody was there hears that somebody came, each time', async () => {
  const site = await app.addSite()
  const { wire, person } = await openAgent(app)
  const first = await app.openVisitor(site.key, newToken())
  expect(teamOf(first)).toBe(true)
  first.close()
  await wire.ask('status.set', { status: 'away' })
  await expect.poll(() => app.realtime.directory.agents.get(person.id)?.status).toBe('away')

  const second = await app.openVisitor(site.key, newToken())
  expect(teamOf(second)).toBe(false)
  await wire.ask('status.set', { status: 'online' })
  await expect.poll(() => teamOf(second)).toBe(true)
  await wire.ask('status.set', { status: 'busy' })
  await expect.poll(() => teamOf(second)).toBe(false)
})

test('an agent with two tabs is there until the last one is closed', async () => {
  await app.addSite()
  const watcher = await openAgent(app)
  const { wire, person } = await openAgent(app)
  const tab = await app.openAgent(person)
  const seen = () => {
    const frame = lastOf(watcher.wire, ({ type }) => type === 'colleagues')
    return (frame?.['colleagues'] as Colleague[] | undefined)?.find(({ id }) => id === person.id)
      ?.isPresent
  }
  await expect.poll(seen).toBe(true)
  wire.close()
  const third = await app.openAgent(person)
  tab.close()
  third.close()
  // Reloaded at once: nobody saw a departure.
  const fourth = await app.openAgent(person)
  await watcher.wire.ask('capacity.set', { capacity: 7 })
  await watcher.wire.next(
    ({ type, colleagues }) =>
      type === 'colleagues' && (colleagues as Colleague[]).some(({ capacity }) => capacity === 7),
  )
  expect(seen()).toBe(true)
  fourth.close()
  await expect.poll(seen, patience).toBe(false)
})

test('a status set in one tab shows in the other', async () => {
  const { wire, person } = await openAgent(app)
  const tab = await app.openAgent(person)
  await wire.ask('status.set', { status: 'busy' })
  await tab.next(({ type, me }) => type === 'me' && (me as { status: string }).status === 'busy')
})

test('rows show whether the visitor is there', async () => {
  const site = await app.addSite()
  const { wire } = await openAgent(app)
  const { wire: visitor, conversationId, token } = await startChat(app, site.key)
  const isPresent = () => {
    const frame = lastOf(wire, isRow(conversationId))
    return (frame?.['rows'] as ConversationRow[] | undefined)?.find(
      ({ id }) => id === conversationId,
    )?.isVisitorPresent
  }
  await expect.poll(isPresent).toBe(true)
  visitor.close()
  await expect.poll(isPresent).toBe(false)
  await app.openVisitor(site.key, token)
  await expect.poll(isPresent).toBe(true)
})

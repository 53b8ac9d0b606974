import { nanoid } from 'nanoid'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { sendAgentMessage } from '../../server/actions/send-message.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import {
  accept,
  answer,
  findRow,
  newToken,
  openAgent,
  readEvents,
  say,
  startChat,
  toEvent,
} from '../support/chat.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import type { Wire } from '../support/wire-client.ts'

let app: TestApp
/** Added to the clock of the app. */
let ahead = 0
beforeEach(async () => {
  ahead = 0
  app = await startTestApp({}, { now: () => Date.now() + ahead })
})
afterEach(() => app.dispose())

async function startTalk() {
  const site = await app.addSite()
  const { wire, person } = await openAgent(app)
  const chat = await startChat(app, site.key)
  await accept(wire, chat.conversationId)
  return { site, agent: wire, person, ...chat }
}

const pushedTo = (wire: Wire) =>
  wire.frames.filter(({ type }) => type === 'event').map(({ event }) => event as TimelineEvent)

test('[D2] a repeat is answered alike in every state of the conversation', async () => {
  const { agent, wire, conversationId, person } = await startTalk()
  const ids = [nanoid(), nanoid()] as const
  const mine = toEvent(await say(wire, conversationId, 'Mine', ids[0]))
  const theirs = toEvent(await answer(agent, conversationId, 'Theirs', ids[1]))
  const repeat = async () => {
    expect(toEvent(await say(wire, conversationId, 'Mine', ids[0]))).toEqual(mine)
    expect(toEvent(await answer(agent, conversationId, 'Theirs', ids[1]))).toEqual(theirs)
  }
  await repeat()
  await agent.ask('conversation.close', { conversationId })
  await repeat()
  expect(await findRow(app, conversationId)).toMatchObject({ status: 'closed' })
  await agent.ask('status.set', { status: 'busy' })
  await say(wire, conversationId, 'Again')
  await repeat()
  const other = await openAgent(app)
  await accept(other.wire, conversationId)
  await repeat()
  expect(await findRow(app, conversationId)).not.toMatchObject({ assignee_id: person.id })
  const events = await readEvents(other.wire, conversationId)
  expect(events.filter(({ type }) => type === 'message')).toHaveLength(4)
})

test('what else came of a first message reaches its sender, in order and before the answer', async () => {
  const site = await app.addSite()
  const { wire, conversationId } = await startChat(app, site.key)
  expect(pushedTo(wire).map(({ type, seq, prev }) => [type, seq, prev])).toEqual([
    ['created', 1, 0],
  ])
  await wire.ask('conversation.close', { conversationId })
  const reopening = toEvent(await say(wire, conversationId, 'Again'))
  expect(pushedTo(wire).map(({ type }) => type)).toEqual(['created', 'closed', 'reopened'])
  expect(reopening.prev).toBe(pushedTo(wire).at(-1)?.seq)
})

test('a second connection of a new visitor learns who they are', async () => {
  const site = await app.addSite()
  const token = newToken()
  const first = await app.openVisitor(site.key, token)
  const second = await app.openVisitor(site.key, token)
  const conversationId = nanoid()
  await say(first, conversationId)
  const listed = await second.ask('conversation.list')
  expect(listed['result']).toMatchObject({ conversations: [{ id: conversationId }] })
  expect((await readEvents(second, conversationId)).map(({ type }) => type)).toEqual([
    'created',
    'message',
  ])
  await say(first, conversationId, 'Both hear this')
  await second.next(
    ({ type, event }) => type === 'event' && (event as { text?: string }).text === 'Both hear this',
  )
})

test('[D4] live events and a resume together give each event once, whatever overlaps', async () => {
  const { agent, wire, conversationId } = await startTalk()
  const sent = Array.from({ length: 60 }, (_, index) => answer(agent, conversationId, `${index}`))
  const pages = [await readEvents(wire, conversationId), await readEvents(wire, conversationId, 5)]
  await Promise.all(sent)
  const last = await readEvents(wire, conversationId, pages[0]?.at(-1)?.seq ?? 0)
  const all = [...(pages[0] ?? []), ...pushedTo(wire), ...last]
  const whole = await readEvents(wire, conversationId)
  expect(new Set(all.map(({ seq }) => seq))).toEqual(new Set(whole.map(({ seq }) => seq)))
  // What a resume handed out is not pushed again.
  const handedOut = new Set(pages.flat().map(({ seq }) => seq))
  const late = pushedTo(wire).filter(({ seq, type }) => handedOut.has(seq) && type === 'message')
  expect(new Set(pushedTo(wire).map(({ seq }) => seq)).size).toBe(pushedTo(wire).length)
  expect(late.length).toBeLessThanOrEqual(handedOut.size)
})

test('times never run backwards in a conversation, also when the clock does', async () => {
  const { agent, wire, conversationId } = await startTalk()
  ahead = -3_600_000
  await say(wire, conversationId, 'An hour ago')
  await answer(agent, conversationId)
  const times = (await readEvents(agent, conversationId)).map(({ at }) => at)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
})

test('[D7] a reader who takes nothing is cut off, and others are not kept waiting', async () => {
  const { agent, person, wire, conversationId } = await startTalk()
  const caller = {
    kind: 'agent' as const,
    agentId: person.id,
    name: person.name,
    role: 'agent' as const,
    departmentIds: [],
    sessionId: '',
  }
  // By the way that has no limit of commands a second.
  const write = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await sendAgentMessage(app.context, caller, {
        conversationId,
        clientId: nanoid(),
        text: '„'.repeat(4_000),
      })
    }
  }
  const cuts = async () =>
    /parley_slow_readers_cut (\d+)/.exec((await app.request('GET', '/metrics')).text)?.[1]
  await write(100)
  wire.socket.pause()
  // What it asks for itself is kept until it takes what it has: that is no reason to cut it off.
  for (let index = 0; index < 50; index += 1) {
    wire.sendRaw({ type: 'conversation.resume', ref: `r${index}`, conversationId, after: 0 })
  }
  expect(await answer(agent, conversationId)).toMatchObject({ type: 'ok' })
  expect(await cuts()).toBe('0')
  // More than the system's own buffers and ours hold.
  await write(1_000)
  await expect.poll(cuts, { timeout: 5_000 }).toBe('1')
  expect(await answer(agent, conversationId)).toMatchObject({ type: 'ok' })
  expect([...app.realtime.hub.connections].filter(({ kind }) => kind === 'visitor')).toEqual([])
})

test('[D8] a drain answers what was begun, tells everyone when to come back, and lets nobody in', async () => {
  const { agent, wire, conversationId, site } = await startTalk()
  const sent = Array.from({ length: 20 }, (_, index) => say(wire, conversationId, `${index}`))
  // Sent after those, on another connection: they are under way when the drain begins.
  await agent.ask('ping')
  const drained = app.drain()
  const answers = await Promise.all(sent)
  const late = answer(agent, conversationId, 'Too late')
  await expect(late).resolves.toMatchObject({ code: 'draining', isRetryable: true })
  await drained
  for (const each of [agent, wire]) {
    const told = each.frames.find(({ type }) => type === 'drain')
    expect(told?.['retryInMs']).toBeLessThanOrEqual(500 + app.config.drainMs)
    expect(await each.closing()).toMatchObject({ code: 4503 })
  }
  const acknowledged = answers.filter(({ type }) => type === 'ok').map((frame) => toEvent(frame).id)
  const stored = await app.store.hotRead.listEvents(conversationId, 0, 100)
  expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged))
  const stranger = await app.openVisitor(site.key, newToken())
  expect(stranger.frames[0]).toMatchObject({ type: 'bye', code: 'draining' })
})

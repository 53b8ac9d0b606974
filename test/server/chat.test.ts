import { randomBytes } from 'node:crypto'

import { nanoid } from 'nanoid'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/test-app.ts'
import type { Frame, Wire } from '../support/wire-client.ts'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.dispose())

const newToken = () => randomBytes(32).toString('base64url')

interface Event {
  seq: number
  prev: number
  type: string
  text?: string
  clientId?: string
}
const eventOf = (frame: Frame) => (frame['result'] as { event: Event }).event

async function say(wire: Wire, conversationId: string, text: string, clientId = nanoid()) {
  return wire.ask('message.send', { conversationId, clientId, text, start: {} })
}

const reply = (wire: Wire, conversationId: string, text: string, clientId = nanoid()) =>
  wire.ask('message.send', { conversationId, clientId, text })

async function eventsOf(wire: Wire, conversationId: string, after = 0) {
  const answer = await wire.ask('conversation.resume', { conversationId, after })
  return (answer['result'] as { events: Event[] }).events
}

async function startChat() {
  const site = await app.addSite()
  const person = await app.addPerson()
  const agent = await app.openAgent(person)
  const visitor = await app.openVisitor(site.key, newToken())
  const conversationId = nanoid()
  await say(visitor, conversationId, 'Hello')
  const offer = await agent.next((frame) => frame.type === 'offer')
  await agent.ask('offer.accept', { conversationId, offerId: offer['offerId'] })
  return { site, person, agent, visitor, conversationId }
}

test('a visitor and an agent talk: offered, accepted, answered, read', async () => {
  const { agent, visitor, conversationId, person } = await startChat()
  await eventsOf(visitor, conversationId)
  const history = await eventsOf(agent, conversationId)
  expect(history.map(({ type }) => type)).toEqual([
    'created',
    'message',
    'queued',
    'offered',
    'assigned',
  ])

  await reply(agent, conversationId, 'Hi, I am here.')
  const push = await visitor.next(
    (frame) => frame.type === 'event' && (frame['event'] as Event).text === 'Hi, I am here.',
  )
  await visitor.ask('read.set', { conversationId, seq: (push['event'] as Event).seq })
  const read = await agent.next((frame) => frame.type === 'read')
  expect(read).toMatchObject({ by: 'visitor', seq: (push['event'] as Event).seq })
  const state = await visitor.next(
    (frame) =>
      frame.type === 'conversation' &&
      (frame['conversation'] as { status: string }).status === 'active',
  )
  expect(state['conversation']).toMatchObject({ agent: { name: person.name, isPresent: true } })
})

test('[D2] a repeat gets the same answer; another text under the same clientId is a conflict', async () => {
  const { visitor, conversationId } = await startChat()
  const clientId = nanoid()
  const first = eventOf(await say(visitor, conversationId, 'Once', clientId))
  expect(eventOf(await say(visitor, conversationId, 'Once', clientId))).toEqual(first)
  expect(await say(visitor, conversationId, 'Twice', clientId)).toMatchObject({
    type: 'failed',
    code: 'client-id-reused',
    isRetryable: false,
  })
})

test('[D3] many messages at once, from both sides, get 1..n without holes, in each sender’s order', async () => {
  const { agent, visitor, conversationId } = await startChat()
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? say(visitor, conversationId, `v${index}`)
        : reply(agent, conversationId, `a${index}`),
    ),
  )
  expect(answers.every(({ type }) => type === 'ok')).toBe(true)
  const events = await eventsOf(agent, conversationId)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  for (const side of ['v', 'a']) {
    const own = events
      .filter(({ text }) => text?.startsWith(side))
      .map(({ text }) => Number(text?.slice(1)))
    expect(own).toEqual(own.toSorted((one, other) => one - other))
  }
})

test('[D4] notes are no holes to a visitor, and never reach one', async () => {
  const { agent, visitor, conversationId } = await startChat()
  await agent.ask('note.send', { conversationId, clientId: nanoid(), text: 'Between us' })
  await reply(agent, conversationId, 'To you')
  const events = await eventsOf(visitor, conversationId)
  expect(events.map(({ type }) => type)).toEqual(['created', 'message', 'assigned', 'message'])
  let last = 0
  for (const event of events) {
    expect(event.prev).toBe(last)
    last = event.seq
  }
  expect(JSON.stringify(visitor.frames)).not.toContain('Between us')
})

test('[D4] a resume gives what came after, in pages, and then live', async () => {
  const { agent, visitor, conversationId } = await startChat()
  await Promise.all([
    ...Array.from({ length: 170 }, (_, index) => reply(agent, conversationId, `a${index}`)),
    ...Array.from({ length: 50 }, (_, index) => say(visitor, conversationId, `v${index}`)),
  ])
  const seen: Event[] = []
  let hasMore = true
  while (hasMore) {
    const answer = await visitor.ask('conversation.resume', {
      conversationId,
      after: seen.at(-1)?.seq ?? 0,
    })
    const page = answer['result'] as { events: Event[]; hasMore: boolean }
    seen.push(...page.events)
    hasMore = page.hasMore
  }
  expect(seen.filter(({ type }) => type === 'message')).toHaveLength(221)
  expect(new Set(seen.map(({ seq }) => seq)).size).toBe(seen.length)
})

test('[D4] long messages make a page short, and none is lost between pages', async () => {
  const { visitor, conversationId } = await startChat()
  const text = 'x'.repeat(4_000)
  await Promise.all(Array.from({ length: 40 }, () => say(visitor, conversationId, text)))
  const sizes: number[] = []
  const seen: Event[] = []
  for (let hasMore = true; hasMore;) {
    const answer = await visitor.ask('conversation.resume', {
      conversationId,
      after: seen.at(-1)?.seq ?? 0,
    })
    const page = answer['result'] as { events: Event[]; hasMore: boolean }
    sizes.push(JSON.stringify(answer).length)
    seen.push(...page.events)
    hasMore = page.hasMore
  }
  expect(Math.max(...sizes)).toBeLessThan(150_000)
  expect(seen.filter((event) => event.text === text)).toHaveLength(40)
  expect(seen.every((event, index) => event.prev === (seen[index - 1]?.seq ?? 0))).toBe(true)
})

test('[D4] who has more than there is, as after a restored backup, is told to start over', async () => {
  const { visitor, conversationId } = await startChat()
  await visitor.ask('conversation.resume', { conversationId, after: 5_000 })
  const resync = await visitor.next((frame) => frame.type === 'resync')
  expect(resync).toMatchObject({ conversationId })
  await say(visitor, conversationId, 'Still heard')
  expect((await eventsOf(visitor, conversationId)).at(-1)?.text).toBe('Still heard')
})

test('[D9] of two who claim, one wins and the other is told who', async () => {
  const site = await app.addSite()
  const one = await app.addPerson()
  const other = await app.addPerson()
  const wires = [await app.openAgent(one), await app.openAgent(other)] as const
  for (const wire of wires) await wire.ask('status.set', { status: 'busy' })
  const visitor = await app.openVisitor(site.key, newToken())
  const conversationId = nanoid()
  await say(visitor, conversationId, 'Anyone?')
  const answers = await Promise.all(
    wires.map((wire) => wire.ask('conversation.claim', { conversationId })),
  )
  const winner = answers.findIndex(({ type }) => type === 'ok')
  const loser = answers[1 - winner]
  expect(loser).toMatchObject({
    type: 'failed',
    code: 'already-claimed',
    holder: [one, other][winner]?.name,
  })
})

test('[D9] nobody is offered or takes more than their capacity', async () => {
  const site = await app.addSite()
  const agent = await app.openAgent(await app.addPerson())
  await agent.ask('capacity.set', { capacity: 2 })
  const ids: string[] = []
  for (let index = 0; index < 4; index += 1) {
    const visitor = await app.openVisitor(site.key, newToken())
    const conversationId = nanoid()
    ids.push(conversationId)
    await say(visitor, conversationId, `Chat ${index}`)
  }
  for (const conversationId of ids.slice(0, 2)) {
    const offer = await agent.next(
      (frame) => frame.type === 'offer' && (frame['row'] as { id: string }).id === conversationId,
    )
    await agent.ask('offer.accept', { conversationId, offerId: offer['offerId'] })
  }
  expect(await agent.ask('conversation.claim', { conversationId: ids[2] })).toMatchObject({
    code: 'over-capacity',
  })
  expect(agent.frames.filter(({ type }) => type === 'offer')).toHaveLength(2)
  await agent.ask('conversation.close', { conversationId: ids[0] })
  const next = await agent.next(
    (frame) => frame.type === 'offer' && (frame['row'] as { id: string }).id === ids[2],
  )
  expect(next['firstWords']).toBe('Chat 2')
})

test('an offer that is declined goes to the next, with the place in the queue kept', async () => {
  const site = await app.addSite()
  const first = await app.openAgent(await app.addPerson())
  const second = await app.openAgent(await app.addPerson())
  const visitor = await app.openVisitor(site.key, newToken())
  const conversationId = nanoid()
  await say(visitor, conversationId, 'Who takes me?')
  const isOffer = (frame: Frame) => frame.type === 'offer'
  const offer = await Promise.race([
    first.next(isOffer).then((frame) => ({ wire: first, other: second, frame })),
    second.next(isOffer).then((frame) => ({ wire: second, other: first, frame })),
  ])
  await offer.wire.ask('offer.decline', {
    conversationId,
    offerId: offer.frame['offerId'],
    reason: 'Lunch',
  })
  const again = await offer.other.next(isOffer)
  expect((again['row'] as { id: string }).id).toBe(conversationId)
  await offer.wire.next((frame) => frame.type === 'offer.gone')
  const decisions = await app.store.read.selectFrom('routing_decision').selectAll().execute()
  expect(decisions.map(({ agent_id }) => agent_id)).toHaveLength(2)
  expect(decisions[1]?.considered).toContain('declined')
})

test('a visitor who writes after the end opens the conversation again; nothing is lost', async () => {
  const { agent, visitor, conversationId } = await startChat()
  await agent.ask('conversation.close', { conversationId })
  expect((await say(visitor, conversationId, 'One more thing')).type).toBe('ok')
  const events = await eventsOf(agent, conversationId)
  expect(events.map(({ type }) => type)).toContain('reopened')
  expect(await reply(agent, conversationId, 'Too early')).toMatchObject({ code: 'not-allowed' })
})

test('waiting visitors see their place, and see it change', async () => {
  const site = await app.addSite()
  const agent = await app.openAgent(await app.addPerson())
  await agent.ask('status.set', { status: 'busy' })
  const ids = []
  const visitors = []
  for (let index = 0; index < 3; index += 1) {
    const visitor = await app.openVisitor(site.key, newToken())
    const id = nanoid()
    await say(visitor, id, 'Hello')
    ids.push(id)
    visitors.push(visitor)
  }
  const placeIs = (place: number) => (frame: Frame) =>
    frame.type === 'conversation' && (frame['conversation'] as { place: number }).place === place
  await visitors[2]?.next(placeIs(3))
  await agent.ask('conversation.claim', { conversationId: ids[0] })
  await visitors[2]?.next(placeIs(2))
  await visitors[1]?.next(placeIs(1))
})

test('typing is passed on; its text only where the site allows it', async () => {
  const { agent, visitor, conversationId, site } = await startChat()
  await eventsOf(agent, conversationId)
  await eventsOf(visitor, conversationId)
  await visitor.ask('typing.set', { conversationId, isTyping: true, text: 'secret' })
  const typing = await agent.next((frame) => frame.type === 'typing')
  expect(typing['text']).toBeUndefined()

  const admin = await app.addPerson('admin')
  await app.request('PATCH', `/api/sites/${site.id}`, {
    person: admin,
    body: { settings: { typingPreview: true } },
  })
  await expect
    .poll(() => app.realtime.directory.sitesById.get(site.id)?.settings.typingPreview)
    .toBe(true)
  await visitor.ask('typing.set', { conversationId, isTyping: true, text: 'shown' })
  await agent.next((frame) => frame.type === 'typing' && frame['text'] === 'shown')
})

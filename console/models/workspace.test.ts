import { describe, expect, test } from 'vitest'

import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import {
  conversationId,
  createMemoryKeep,
  dana,
  fromVisitor,
  makeDetails,
  makeHistory,
  makeMine,
  makeRow,
  makeWelcome,
} from '../../test/support/console-fixtures.ts'
import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createTestWire } from '../../test/support/test-wire.ts'
import { createWorkspace } from './workspace.ts'

function setUp(keep = createMemoryKeep()) {
  const timers = createFakeTimers()
  const wire = createTestWire()
  let tickets = 0
  let ids = 0
  const workspace = createWorkspace({
    me: dana,
    openSocket: wire.openSocket,
    getTicket: () => Promise.resolve({ ticket: `ticket-${++tickets}` }),
    timers,
    keep,
    newId: () => `client-own-${++ids}`,
  })

  const welcome = async (more: Parameters<typeof makeWelcome>[0] = {}) => {
    await timers.settle()
    wire.link.open()
    await timers.settle()
    wire.link.receive(makeWelcome({ serverTime: timers.now(), ...more }))
    await timers.settle()
  }
  /** Answers the last command of a type. */
  const answer = async (type: string, result: unknown) => {
    const command = wire.link.sent.findLast((frame) => frame.type === type)
    if (!command) throw new Error(`Nothing of type ${type} was sent.`)
    wire.link.receive({ type: 'ok', ref: command.ref, result })
    await timers.settle()
    return command
  }
  const refuse = async (type: string, code: string, more: object = {}) => {
    const command = wire.link.sent.findLast((frame) => frame.type === type)
    wire.link.receive({
      type: 'failed',
      ref: command?.ref,
      code,
      message: 'No.',
      isRetryable: false,
      ...more,
    })
    await timers.settle()
  }
  const resume = (events: TimelineEvent[]) =>
    answer('conversation.resume', { events, hasMore: false, visitorReadSeq: 0, agentReadSeq: 0 })
  const sent = (type: string) => wire.link.sent.filter((frame) => frame.type === type)
  return { workspace, timers, wire, welcome, answer, refuse, resume, sent, keep }
}

const offerPush = (deadlineAt: number, serverTime: number, id = 'offer-one') => ({
  type: 'offer',
  offerId: id,
  row: makeRow({ status: 'offered', offer: { id, agentId: dana.id, deadlineAt } }),
  firstWords: 'Hello',
  deadlineAt,
  serverTime,
})

describe('the inbox', () => {
  test('says hello with a ticket of its own for each link', async () => {
    const { welcome, wire, timers } = setUp()
    await welcome()
    expect(wire.link.sent[0]).toEqual({ type: 'hello', version: 1, ticket: 'ticket-1' })
    wire.link.drop()
    await timers.advance(2000)
    wire.link.open()
    await timers.settle()
    expect(wire.link.sent[0]).toMatchObject({ ticket: 'ticket-2' })
  })

  test('shows what a welcome holds, follows changes, and forgets what it may not see', async () => {
    const { workspace, welcome, wire } = setUp()
    expect(workspace.inbox.isReady.value).toBe(false)
    await welcome({ rows: [makeMine()] })
    const { mine, queue } = workspace.inbox.views
    expect(mine.value).toHaveLength(1)

    wire.link.receive({
      type: 'rows',
      rows: [makeMine({ unread: 4 }), makeRow({ id: 'conversation-2' })],
      counts: { mine: 1, queue: 1, team: 1 },
    })
    expect(workspace.inbox.unread.value).toBe(4)
    expect(queue.value.map(({ id }) => id)).toEqual(['conversation-2'])

    wire.link.receive({ type: 'rows.gone', ids: ['conversation-2'] })
    expect(queue.value).toEqual([])
  })

  test('after a reconnect holds what the new welcome says and nothing older that is open', async () => {
    const { workspace, welcome, wire, timers } = setUp()
    await welcome({ rows: [makeMine(), makeMine({ id: 'conversation-2' })] })
    wire.link.drop()
    await timers.advance(40_000)
    await welcome({ rows: [makeMine()] })
    expect([...workspace.inbox.rows.value.keys()]).toEqual([conversationId])
  })

  test('reads closed conversations page by page', async () => {
    const { workspace, welcome, answer, sent } = setUp()
    await welcome()
    void workspace.pages.loadMore('closed')
    void workspace.pages.loadMore('closed')
    expect(sent('conversation.list')).toHaveLength(1)
    const row = makeRow({ status: 'closed', closedAt: 5 })
    await answer('conversation.list', { rows: [row], nextCursor: 'next' })
    void workspace.pages.loadMore('closed')
    expect(await answer('conversation.list', { rows: [], nextCursor: null })).toMatchObject({
      view: 'closed',
      cursor: 'next',
    })
    expect(workspace.inbox.views.closed.value).toHaveLength(1)
    expect(workspace.pages.state('closed').value).toMatchObject({ hasMore: false, isLoaded: true })
  })
})

describe('an offer', () => {
  test('rings by the server’s clock and is silent when its time is over', async () => {
    const { workspace, welcome, wire, timers } = setUp()
    await welcome()
    // This computer's clock is an hour behind.
    const serverTime = timers.now() + 3_600_000
    wire.link.receive(offerPush(serverTime + 30_000, serverTime))
    const [offer] = workspace.offers.list.value
    expect((offer?.deadlineAt ?? 0) - workspace.clock.now.value).toBe(30_000)
    expect(offer?.totalMs).toBe(30_000)
    await timers.advance(34_000)
    expect(workspace.offers.list.value).toEqual([])
  })

  test('is accepted once, however often the button is pressed', async () => {
    const { workspace, welcome, wire, timers, answer, sent } = setUp()
    await welcome()
    wire.link.receive(offerPush(timers.now() + 30_000, timers.now()))
    const accepted = workspace.offers.accept('offer-one')
    await workspace.offers.accept('offer-one')
    expect(sent('offer.accept')).toHaveLength(1)
    expect(workspace.offers.list.value[0]?.isAnswering).toBe(true)
    await answer('offer.accept', {})
    await accepted
    expect(workspace.offers.list.value).toEqual([])
  })

  test('that went to somebody else is gone, and the agent is told', async () => {
    const { workspace, welcome, wire, timers, refuse } = setUp()
    await welcome()
    wire.link.receive(offerPush(timers.now() + 30_000, timers.now()))
    const accepted = workspace.offers.accept('offer-one')
    await Promise.all([
      expect(accepted).rejects.toMatchObject({ code: 'offer-gone' }),
      refuse('offer.accept', 'offer-gone'),
    ])
    expect(workspace.offers.list.value).toEqual([])
  })

  test('that cannot be accepted now goes on ringing', async () => {
    const { workspace, welcome, wire, timers, refuse } = setUp()
    await welcome()
    wire.link.receive(offerPush(timers.now() + 30_000, timers.now()))
    const accepted = workspace.offers.accept('offer-one')
    await Promise.all([
      expect(accepted).rejects.toMatchObject({ code: 'over-capacity' }),
      refuse('offer.accept', 'over-capacity'),
    ])
    expect(workspace.offers.list.value[0]?.isAnswering).toBe(false)
  })

  test('is declined with a reason, and without one when there is none', async () => {
    const { workspace, welcome, wire, timers, sent } = setUp()
    await welcome()
    wire.link.receive(offerPush(timers.now() + 30_000, timers.now()))
    wire.link.receive(offerPush(timers.now() + 40_000, timers.now(), 'offer-two'))
    workspace.offers.decline('offer-one', '  ').catch(() => {})
    workspace.offers.decline('offer-two', ' Lunch ').catch(() => {})
    expect(sent('offer.decline').map(({ reason }) => reason)).toEqual([undefined, 'Lunch'])
  })

  test('that rang before a reload rings again after it', async () => {
    const { workspace, welcome, timers } = setUp()
    const offer = { id: 'offer-one', agentId: dana.id, deadlineAt: timers.now() + 20_000 }
    await welcome({ rows: [makeRow({ status: 'offered', offer })] })
    expect(workspace.offers.list.value.map(({ firstWords }) => firstWords)).toEqual(['Hello'])
  })
})

describe('a conversation', () => {
  test('[D4] shows its history and then what comes', async () => {
    const { workspace, welcome, wire, resume, timers } = setUp()
    await welcome({ rows: [makeMine()] })
    const conversation = workspace.open(conversationId)
    expect(conversation.isLoaded.value).toBe(false)
    const [first, second] = makeHistory([fromVisitor('Hello'), fromVisitor('Anybody?')])
    await resume([first!])
    expect(conversation.isLoaded.value).toBe(true)
    wire.link.receive({ type: 'event', event: second })
    await timers.settle()
    const texts = conversation.items.value.flatMap((item) =>
      item.kind === 'group' ? item.bubbles.map(({ text }) => text) : [],
    )
    expect(texts).toEqual(['Hello', 'Anybody?'])
  })

  test('[D12] shows my words at once as sending, and as sent when they are', async () => {
    const { workspace, welcome, resume, answer } = setUp()
    await welcome({ rows: [makeMine()] })
    const conversation = workspace.open(conversationId)
    await resume(makeHistory([fromVisitor('Hello')]))
    workspace.outbox.send(conversationId, 'message', 'Good day')
    const delivery = () => {
      const last = conversation.items.value.at(-1)
      return last?.kind === 'group' ? last.delivery : undefined
    }
    expect(delivery()).toBe('sending')
    const author = { kind: 'agent', id: dana.id, name: dana.name }
    const event = { ...makeHistory([fromVisitor('Good day')])[0], author, seq: 2, prev: 1 }
    await answer('message.send', {
      event: { ...event, id: 'event-id-2', clientId: 'client-own-1' },
    })
    expect(delivery()).toBe('sent')
    expect(workspace.outbox.of(conversationId)).toEqual([])
  })

  test('[D5] words that were not sent before a reload are sent after it, with the same id', async () => {
    const keep = createMemoryKeep()
    const before = setUp(keep)
    before.workspace.outbox.send(conversationId, 'note', 'Call back')
    before.workspace.stop()

    const after = setUp(keep)
    await after.welcome({ rows: [makeMine()] })
    expect(after.sent('note.send')).toMatchObject([{ clientId: 'client-own-1', text: 'Call back' }])
  })

  test('is read once, by the agent who holds it', async () => {
    const { workspace, welcome, resume, sent } = setUp()
    await welcome({
      rows: [makeMine(), makeMine({ id: 'conversation-2', assigneeId: 'juris-agent' })],
    })
    const conversation = workspace.open(conversationId)
    await resume(makeHistory([fromVisitor('Hello')]))
    conversation.markRead()
    conversation.markRead()
    expect(sent('read.set')).toMatchObject([{ conversationId, seq: 1 }])
    workspace.open('conversation-2').markRead()
    expect(sent('read.set')).toHaveLength(1)
  })

  test('tells who types until they stop, send or fall silent', async () => {
    const { workspace, welcome, wire, timers } = setUp()
    await welcome({ rows: [makeMine()] })
    const conversation = workspace.open(conversationId)
    const by = { kind: 'visitor', id: 'visitor-marta' }
    wire.link.receive({ type: 'typing', conversationId, by, isTyping: true, text: 'Hel' })
    expect(conversation.typing.value).toMatchObject({ text: 'Hel' })
    wire.link.receive({ type: 'event', event: makeHistory([fromVisitor('Hello')])[0] })
    expect(conversation.typing.value).toBeUndefined()
    wire.link.receive({ type: 'typing', conversationId, by, isTyping: true })
    await timers.advance(9000)
    expect(conversation.typing.value).toBeUndefined()
  })

  test('brings the visitor’s details, and follows them', async () => {
    const { workspace, welcome, wire, answer } = setUp()
    await welcome({ rows: [makeMine()] })
    const conversation = workspace.open(conversationId)
    await answer('conversation.details', makeDetails())
    expect(conversation.details.value?.page?.title).toBe('Checkout')
    const page = { url: 'https://shop.example.com/thanks', title: 'Thanks' }
    wire.link.receive({ type: 'details', details: makeDetails({ page }) })
    expect(conversation.details.value?.page?.title).toBe('Thanks')
  })

  test('that is not for me says so', async () => {
    const { workspace, welcome, refuse } = setUp()
    await welcome()
    const conversation = workspace.open('conversation-x')
    await refuse('conversation.resume', 'not-found')
    expect(conversation.standing.value).toBeUndefined()
    expect(conversation.isLoaded.value || conversation.failure.value !== undefined).toBe(true)
  })

  test('stays whole while it is among the last that were looked at', async () => {
    const { workspace, welcome } = setUp()
    await welcome()
    const first = workspace.open('conversation-0')
    for (let count = 1; count <= 5; count++) workspace.open(`conversation-${count}`)
    expect(workspace.open('conversation-0')).toBe(first)
    for (let count = 1; count <= 20; count++) workspace.open(`conversation-${count}`)
    expect(workspace.open('conversation-0')).not.toBe(first)
  })
})

test('a claim that somebody else won names them', async () => {
  const { workspace, welcome, refuse } = setUp()
  await welcome({ rows: [makeRow()] })
  const claimed = workspace.claim(conversationId)
  await Promise.all([
    expect(claimed).rejects.toMatchObject({ code: 'already-claimed', holder: 'Juris' }),
    refuse('conversation.claim', 'already-claimed', { holder: 'Juris' }),
  ])
})

test('what is not known does no harm', async () => {
  const { workspace, welcome, wire } = setUp()
  await welcome()
  wire.link.receive({ type: 'weather', is: 'fine' })
  wire.link.receiveText('{"type":')
  expect(workspace.link.value.kind).toBe('online')
})

test('after the end nothing is left that ticks', async () => {
  const { workspace, welcome, timers } = setUp()
  await welcome({ rows: [makeMine()] })
  workspace.open(conversationId)
  workspace.stop()
  expect(timers.size).toBe(0)
})

import { nanoid } from 'nanoid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { renewLeases } from '../../server/actions/presence.ts'
import { repairLimbo } from '../../server/actions/repair-limbo.ts'
import { openSqliteStore } from '../../server/store/open.ts'
import type { ConversationTable } from '../../server/store/schema.ts'
import {
  accept,
  answer,
  findRow,
  isOfferOf,
  newToken,
  openAgent,
  readEvents,
  say,
  startChat,
} from '../support/chat.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import type { Wire } from '../support/wire-client.ts'

const offerMs = 5_000
const graceMs = 3_000

let app: TestApp
/** Added to the clock of the app: time passes when a test says so. */
let ahead = 0
beforeEach(async () => {
  ahead = 0
  app = await startTestApp(
    { OFFER_MS: String(offerMs), GRACE_MS: String(graceMs) },
    { now: () => Date.now() + ahead },
  )
})
afterEach(() => app.dispose())

/** Lets time pass, and the routing look at it. */
function pass(ms: number) {
  ahead += ms
  app.context.bus.publish({ type: 'routing' })
}

const typesOf = async (wire: Wire, conversationId: string) =>
  (await readEvents(wire, conversationId)).map(({ type }) => type)

const isGone = (offerId: unknown) => (frame: { type: string; offerId?: unknown }) =>
  frame.type === 'offer.gone' && frame.offerId === offerId

describe('offers', () => {
  test('one that is not answered in time goes on to the next, and stops ringing in all tabs', async () => {
    const site = await app.addSite()
    const first = await openAgent(app)
    const otherTab = await app.openAgent(first.person)
    const { conversationId } = await startChat(app, site.key)
    const offer = await first.wire.next(isOfferOf(conversationId))
    expect((await otherTab.next(isOfferOf(conversationId)))['offerId']).toBe(offer['offerId'])

    const second = await openAgent(app)
    pass(offerMs)
    const next = await second.wire.next(isOfferOf(conversationId))
    await first.wire.next(isGone(offer['offerId']))
    await otherTab.next(isGone(offer['offerId']))
    expect(
      await first.wire.ask('offer.accept', { conversationId, offerId: offer['offerId'] }),
    ).toMatchObject({
      code: 'offer-gone',
    })
    await second.wire.ask('offer.accept', { conversationId, offerId: next['offerId'] })
    expect(await typesOf(second.wire, conversationId)).toEqual([
      'created',
      'message',
      'queued',
      'offered',
      'expired',
      'queued',
      'offered',
      'assigned',
    ])
  })

  test('one that nobody else can take is not made to the same agent again at once, but later', async () => {
    const site = await app.addSite()
    const { wire } = await openAgent(app)
    const { conversationId } = await startChat(app, site.key)
    const offer = await wire.next(isOfferOf(conversationId))
    await wire.ask('offer.decline', { conversationId, offerId: offer['offerId'] })
    expect(await findRow(app, conversationId)).toMatchObject({ status: 'queued', offer_id: null })
    await expect
      .poll(async () =>
        (await app.store.read.selectFrom('routing_decision').selectAll().execute())
          .map(({ considered }) => considered)
          .join(),
      )
      .toContain('all-declined')
    // Sockets and leases are renewed on the way: two minutes are more than either outlives in silence.
    for (let step = 0; step < 13; step += 1) {
      ahead += 9_500
      await wire.ask('ping')
      await renewLeases(app.context)
    }
    pass(0)
    await wire.next(isOfferOf(conversationId, offer['offerId']))
  })

  test('one ends when its agent goes away, and goes to somebody who is there', async () => {
    const site = await app.addSite()
    const first = await openAgent(app)
    const otherTab = await app.openAgent(first.person)
    const { conversationId } = await startChat(app, site.key)
    const offer = await first.wire.next(isOfferOf(conversationId))
    const second = await openAgent(app)
    await first.wire.ask('status.set', { status: 'away' })
    await second.wire.next(isOfferOf(conversationId))
    await otherTab.next(isGone(offer['offerId']))
  })

  test('lowering the capacity below what rings takes the offers back, never what is held', async () => {
    const site = await app.addSite()
    const { wire, person } = await openAgent(app)
    const held = await startChat(app, site.key)
    await accept(wire, held.conversationId)
    const ringing = await startChat(app, site.key)
    const offer = await wire.next(isOfferOf(ringing.conversationId))
    await wire.ask('capacity.set', { capacity: 1 })
    await wire.next(isGone(offer['offerId']))
    expect(await findRow(app, held.conversationId)).toMatchObject({ assignee_id: person.id })
    await wire.ask('conversation.close', { conversationId: held.conversationId })
    await wire.next(isOfferOf(ringing.conversationId, offer['offerId']))
  })

  test('what rang when the connection was lost rings on in the next one', async () => {
    const site = await app.addSite()
    const { wire, person } = await openAgent(app)
    const { conversationId } = await startChat(app, site.key)
    const offer = await wire.next(isOfferOf(conversationId))
    wire.close()
    const again = await app.openAgent(person)
    const frame = await again.next(isOfferOf(conversationId))
    expect(frame['offerId']).toBe(offer['offerId'])
    expect(again.frames[0]?.type).toBe('welcome')
    await again.ask('offer.accept', { conversationId, offerId: offer['offerId'] })
    expect(await findRow(app, conversationId)).toMatchObject({ status: 'assigned' })
  })

  test('a visitor who leaves ends the offer', async () => {
    const site = await app.addSite()
    const { wire } = await openAgent(app)
    const chat = await startChat(app, site.key)
    const offer = await wire.next(isOfferOf(chat.conversationId))
    await chat.wire.ask('conversation.close', { conversationId: chat.conversationId })
    await wire.next(isGone(offer['offerId']))
    expect(
      await wire.ask('offer.accept', {
        conversationId: chat.conversationId,
        offerId: offer['offerId'],
      }),
    ).toMatchObject({ code: 'conversation-closed' })
  })

  test('every decision says who was considered and what ruled them out', async () => {
    const site = await app.addSite()
    const chosen = await openAgent(app)
    const busy = await openAgent(app)
    await busy.wire.ask('status.set', { status: 'busy' })
    const absent = await app.addPerson()
    const { conversationId } = await startChat(app, site.key)
    await chosen.wire.next(isOfferOf(conversationId))
    const [decision] = await app.store.read
      .selectFrom('routing_decision')
      .selectAll()
      .where('conversation_id', '=', conversationId)
      .execute()
    expect(decision?.agent_id).toBe(chosen.person.id)
    const { considered } = JSON.parse(decision?.considered ?? '{}') as {
      considered: { agentId: string; outcome: string }[]
    }
    const outcomeOf = (id: string) => considered.find(({ agentId }) => agentId === id)?.outcome
    expect(outcomeOf(chosen.person.id)).toBe('chosen')
    expect(outcomeOf(busy.person.id)).toBe('busy')
    expect(outcomeOf(absent.id)).toBe('absent')
  })
})

describe('an agent who is lost', () => {
  const isLost = async (agentId: string) => {
    const rows = await app.store.read
      .selectFrom('presence')
      .select('lost_at')
      .where('agent_id', '=', agentId)
      .execute()
    return rows.every(({ lost_at }) => lost_at !== null)
  }

  test('keeps their chats for the grace; then they are the first in the queue', async () => {
    const site = await app.addSite()
    const lost = await openAgent(app)
    const held = await startChat(app, site.key, 'First')
    await accept(lost.wire, held.conversationId)
    const other = await openAgent(app)
    await other.wire.ask('status.set', { status: 'busy' })
    lost.wire.close()
    await expect.poll(() => isLost(lost.person.id), { timeout: 5_000 }).toBe(true)
    const waiting = await startChat(app, site.key, 'Second')

    pass(graceMs - 1_000)
    expect(await findRow(app, held.conversationId)).toMatchObject({ status: 'assigned' })
    pass(1_000)
    await expect
      .poll(async () => findRow(app, held.conversationId))
      .toMatchObject({ status: 'queued', is_front: 1, assignee_id: null })
    await held.wire.next(
      ({ type, conversation }) =>
        type === 'conversation' && (conversation as { place: number | null }).place === 1,
    )
    await waiting.wire.next(
      ({ type, conversation }) =>
        type === 'conversation' && (conversation as { place: number | null }).place === 2,
    )

    await other.wire.ask('capacity.set', { capacity: 1 })
    await other.wire.ask('status.set', { status: 'online' })
    await accept(other.wire, held.conversationId)
    expect(await typesOf(other.wire, held.conversationId)).toEqual([
      'created',
      'message',
      'queued',
      'offered',
      'assigned',
      'unassigned',
      'queued',
      'offered',
      'assigned',
    ])
    expect(await findRow(app, waiting.conversationId)).toMatchObject({ status: 'queued' })
  })

  test('who is back within the grace has lost nothing', async () => {
    const site = await app.addSite()
    const { wire, person } = await openAgent(app)
    const { conversationId } = await startChat(app, site.key)
    await accept(wire, conversationId)
    wire.close()
    await expect.poll(() => isLost(person.id), { timeout: 5_000 }).toBe(true)
    const again = await app.openAgent(person)
    pass(graceMs * 2)
    await again.ask('status.set', { status: 'online' })
    expect(await findRow(app, conversationId)).toMatchObject({ assignee_id: person.id })
    expect(await answer(again, conversationId)).toMatchObject({ type: 'ok' })
  })
})

test('a department that nobody serves does not keep the others waiting', async () => {
  const site = await app.addSite()
  const { wire } = await openAgent(app)
  await app.store.transaction(async ({ db }) => {
    await db
      .insertInto('department')
      .values({ id: 'nobody-here', name: 'Sales', is_default: 0, created_at: 1 })
      .execute()
    await db
      .insertInto('visitor')
      .values({
        id: 'a-visitor',
        site_id: site.id,
        token_hash: nanoid(),
        token_revoked_at: null,
        name: null,
        email: null,
        hue: 1,
        created_at: 1,
      })
      .execute()
    for (let index = 0; index < 700; index += 1) {
      await db
        .insertInto('conversation')
        .values({
          ...waitingRow,
          id: nanoid(),
          site_id: site.id,
          queued_at: index + 1,
          priority: 2,
        })
        .execute()
    }
  })
  const { wire: visitor, conversationId } = await startChat(app, site.key)
  await wire.next(isOfferOf(conversationId))
  expect(visitor.isClosed).toBe(false)
})

test('what is full is not written down again for everybody who waits, each time', async () => {
  const site = await app.addSite()
  const { wire } = await openAgent(app)
  await wire.ask('capacity.set', { capacity: 1 })
  const chats = []
  for (let index = 0; index < 4; index += 1) chats.push(await startChat(app, site.key))
  for (const { conversationId } of chats) {
    await accept(wire, conversationId)
    await wire.ask('conversation.close', { conversationId })
  }
  const decisions = await app.store.read.selectFrom('routing_decision').selectAll().execute()
  const inVain = decisions.filter(({ agent_id }) => agent_id === null)
  expect(inVain.length).toBeLessThanOrEqual(chats.length)
})

describe('[D10] the watchdog', () => {
  test('finds what is in no state, repairs it, and counts it', { timeout: 15_000 }, async () => {
    const noOffer = { offer_id: null, offer_agent_id: null, offer_deadline_at: null }
    const toNobody = { offer_id: 'an-offer', offer_agent_id: 'no-such-agent' }
    const planted: Partial<ConversationTable>[] = [
      { status: 'queued', queued_at: null },
      { status: 'queued', assignee_id: 'no-such-agent' },
      { status: 'snoozed' },
      { ...noOffer, status: 'offered' },
      { ...toNobody, status: 'offered', offer_deadline_at: Number.MAX_SAFE_INTEGER },
      { status: 'assigned', assignee_id: null },
      { status: 'assigned', assignee_id: 'no-such-agent' },
    ]
    const site = await app.addSite()
    const ids: string[] = []
    for (const _ of planted) ids.push((await startChat(app, site.key)).conversationId)
    // A hand in the database, from another process.
    const other = await openSqliteStore({
      dataDir: app.dataDir,
      now: Date.now,
      isExclusive: false,
      onFatal() {},
    })
    await other.transaction(async ({ db }) => {
      for (const [index, change] of planted.entries()) {
        await db
          .updateTable('conversation')
          .set(change)
          .where('id', '=', ids[index] ?? '')
          .execute()
      }
    })
    await other.close()
    await expect
      .poll(async () => (await app.request('GET', '/metrics')).text, { timeout: 8_000 })
      .toContain(`parley_limbo_found_total ${planted.length}\n`)
    for (const id of ids) {
      expect(await findRow(app, id)).toMatchObject({ status: 'queued', is_front: 1 })
    }
    const { wire } = await openAgent(app)
    await accept(wire, ids[0] ?? '')
  })

  test('leaves alone what is in order', async () => {
    const site = await app.addSite()
    const { wire } = await openAgent(app)
    const chats = [await startChat(app, site.key), await startChat(app, site.key)] as const
    await accept(wire, chats[0].conversationId)
    await wire.next(isOfferOf(chats[1].conversationId))
    await say(await app.openVisitor(site.key, newToken()), nanoid())
    expect(await repairLimbo(app.context)).toBe(0)
  })
})

const waitingRow: ConversationTable = {
  id: '',
  site_id: '',
  visitor_id: 'a-visitor',
  department_id: 'nobody-here',
  status: 'queued',
  priority: 0,
  assignee_id: null,
  assigned_at: null,
  offer_id: null,
  offer_agent_id: null,
  offer_deadline_at: null,
  queued_at: 1,
  is_front: 0,
  waiting_since: 1,
  last_seq: 0,
  visitor_last_seq: 0,
  visitor_read_seq: 0,
  agent_read_seq: 0,
  visitor_unread: 0,
  agent_unread: 0,
  first_text: null,
  last_text: null,
  last_author: null,
  last_author_id: null,
  last_at: null,
  start_url: null,
  start_title: null,
  page_url: null,
  page_title: null,
  referrer: null,
  language: null,
  time_zone: null,
  browser: null,
  created_at: 1,
  answered_at: null,
  closed_at: null,
  updated_at: 1,
}

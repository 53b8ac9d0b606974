import { nanoid } from 'nanoid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { ConversationTable, EventTable } from '../../server/store/schema.ts'
import type { Store, Tx } from '../../server/store/store.ts'

export interface StoreUnderTest {
  open(): Promise<Store>
  dispose(): Promise<void>
}

/** The promises of the store port. Each adapter runs them once, on a database of its own per test. */
export function describeStore(name: string, prepare: () => Promise<StoreUnderTest>) {
  describe(`the store on ${name}`, () => {
    let under: StoreUnderTest
    let store: Store
    beforeEach(async () => {
      under = await prepare()
      store = await under.open()
    })
    afterEach(async () => {
      await store.close()
      await under.dispose()
    })

    test('what a transaction wrote is there when it resolves, and after opening again', async () => {
      const { conversationId } = await seed(store)
      expect(await store.hotRead.findConversation(conversationId)).toMatchObject({ last_seq: 0 })
      await store.close()
      store = await under.open()
      expect(await store.hotRead.findConversation(conversationId)).toMatchObject({ last_seq: 0 })
    })

    test('a transaction that throws leaves nothing behind, and its neighbours whole', async () => {
      const { departmentId } = await seed(store)
      const rename = (name: string) => (tx: Tx) =>
        tx.db.updateTable('department').set({ name }).where('id', '=', departmentId).execute()
      const results = await Promise.allSettled([
        store.transaction(rename('one')),
        store.transaction(async (tx) => {
          await rename('two')(tx)
          throw new Error('changed my mind')
        }),
        store.transaction(async ({ db }) =>
          db.selectFrom('department').select('name').where('id', '=', departmentId).execute(),
        ),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(results[2]).toMatchObject({ value: [{ name: 'one' }] })
    })

    test('a statement that the database refuses fails its own transaction only', async () => {
      const { departmentId, siteId } = await seed(store)
      const again = store.transaction(({ db }) =>
        db
          .insertInto('department')
          .values({ id: departmentId, name: 'again', is_default: 0, created_at: 0 })
          .execute(),
      )
      const fine = store.transaction(({ db }) =>
        db.updateTable('site').set({ name: 'fine' }).where('id', '=', siteId).execute(),
      )
      await expect(again).rejects.toThrow()
      await fine
      const row = await store.read.selectFrom('site').select('name').executeTakeFirstOrThrow()
      expect(row.name).toBe('fine')
    })

    test('[D3] concurrent senders get sequence numbers without gaps', async () => {
      const { conversationId } = await seed(store)
      await Promise.all(Array.from({ length: 60 }, () => append(store, conversationId)))
      const events = await store.hotRead.listEvents(conversationId, 0, 100)
      expect(events.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 60 }, (_, index) => index + 1),
      )
      expect(await store.hotRead.findConversation(conversationId)).toMatchObject({ last_seq: 60 })
    })

    test('[D2] a clientId is stored once per sender and conversation, whatever races', async () => {
      const { conversationId } = await seed(store)
      const clientId = nanoid()
      const results = await Promise.allSettled([
        append(store, conversationId, clientId),
        append(store, conversationId, clientId),
      ])
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const events = await store.hotRead.listEvents(conversationId, 0, 10)
      expect(events).toHaveLength(1)
    })

    test('reads see committed data only', async () => {
      const { departmentId } = await seed(store)
      let seen: string | undefined
      await store.transaction(async ({ db }) => {
        await db
          .updateTable('department')
          .set({ name: 'later' })
          .where('id', '=', departmentId)
          .execute()
        const row = await store.read
          .selectFrom('department')
          .select('name')
          .executeTakeFirstOrThrow()
        seen = row.name
      })
      expect(seen).toBe('Support')
    })

    test('pages of events come in order, from after a seq; a visitor’s without what is internal', async () => {
      const { conversationId } = await seed(store)
      for (let index = 0; index < 5; index += 1) {
        await append(store, conversationId, nanoid(), index % 2 === 0)
      }
      const page = await store.hotRead.listEvents(conversationId, 1, 2)
      expect(page.map(({ seq }) => seq)).toEqual([2, 3])
      const visible = await store.hotRead.listVisitorEvents(conversationId, 0, 10)
      expect(visible.map(({ seq }) => seq)).toEqual([1, 3, 5])
    })

    test('the store answers a ping, and says how many shared a commit', async () => {
      const commits: number[] = []
      store.observe({ onCommit: (transactions) => commits.push(transactions) })
      await store.ping()
      const { conversationId } = await seed(store)
      commits.length = 0
      await Promise.all(Array.from({ length: 10 }, () => append(store, conversationId)))
      expect(commits.reduce((sum, size) => sum + size, 0)).toBe(10)
    })
  })
}

/** A site with a visitor and an empty conversation. */
export async function seed(store: Store) {
  const [departmentId, siteId, visitorId, conversationId] = [nanoid(), nanoid(), nanoid(), nanoid()]
  await store.transaction(async ({ db }) => {
    await db
      .insertInto('department')
      .values({ id: departmentId, name: 'Support', is_default: 1, created_at: 1 })
      .execute()
    await db
      .insertInto('site')
      .values({
        id: siteId,
        key: nanoid(),
        name: 'Shop',
        department_id: departmentId,
        settings: '{}',
        created_at: 1,
      })
      .execute()
    await db
      .insertInto('visitor')
      .values({
        id: visitorId,
        site_id: siteId,
        token_hash: nanoid(),
        token_revoked_at: null,
        name: null,
        email: null,
        hue: 1,
        created_at: 1,
      })
      .execute()
    const row: ConversationTable = {
      id: conversationId,
      site_id: siteId,
      visitor_id: visitorId,
      department_id: departmentId,
      status: 'queued',
      priority: 0,
      assignee_id: null,
      assigned_at: null,
      offer_id: null,
      offer_agent_id: null,
      offer_deadline_at: null,
      queued_at: 1,
      is_front: 0,
      waiting_since: null,
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
    await db.insertInto('conversation').values(row).execute()
  })
  return { departmentId, siteId, visitorId, conversationId }
}

async function append(
  store: Store,
  conversationId: string,
  clientId = nanoid(),
  isVisible = true,
): Promise<void> {
  await store.transaction(async ({ hot }) => {
    const row = await hot.lockConversation(conversationId)
    if (!row) throw new Error('no conversation')
    const event: EventTable = {
      conversation_id: conversationId,
      seq: row.last_seq + 1,
      visitor_prev: isVisible ? row.visitor_last_seq : null,
      id: nanoid(),
      type: isVisible ? 'message' : 'note',
      at: 2,
      author_kind: 'agent',
      author_id: 'the-same-agent',
      author_name: 'Agent',
      client_id: clientId,
      text: 'Hello',
      body: null,
    }
    await hot.insertEvent(event)
    await hot.touchConversation({
      ...row,
      last_seq: event.seq,
      visitor_last_seq: isVisible ? event.seq : row.visitor_last_seq,
    })
  })
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createFakeTimers } from '../../test/support/fake-timers.ts'
import { createChance, createModelServer } from '../../test/support/model-server.ts'
import { createTestBrowser } from '../../test/support/test-browser.ts'
import { createTestStorage, createTestVisitor } from '../../test/support/test-visitor.ts'
import { decodeEvent } from '../protocol/decode-event.ts'
import type { VisitorPush, VisitorWelcome } from '../protocol/events.ts'
import { createOutbox } from './outbox.ts'
import { createSync } from './sync.ts'
import { createTabSocket } from './tabs.ts'

const id = 'conversation-1'

function setUp({ seed }: { seed?: number } = {}) {
  const chance = seed === undefined ? () => 0.5 : createChance(seed)
  const timers = createFakeTimers({ random: chance })
  const server = createModelServer({ timers, chance })
  const browser = createTestBrowser({ timers, openSocket: server.openSocket })

  const openTab = (hello: object = { site: 'shop', token: 'marta' }) => {
    const tab = browser.openTab()
    const connection = createTestVisitor(createTabSocket(tab.deps), tab.deps.timers, hello)
    const pushes: VisitorPush[] = []
    const welcomes: VisitorWelcome[] = []
    connection.onPush((push) => pushes.push(push))
    connection.onWelcome((welcome) => welcomes.push(welcome))
    connection.start()
    return { ...tab, connection, pushes, welcomes }
  }
  const hellos = () => server.heard.filter(({ type }) => type === 'hello').length
  return { timers, server, openTab, hellos }
}

const send = (text: string, clientId = `client-${text.replaceAll(' ', '-')}`) => ({
  type: 'message.send',
  conversationId: id,
  clientId,
  text,
  start: {},
})

describe('one link for all tabs', () => {
  test('[12.1] the first tab opens it, the others tunnel', async () => {
    const { server, timers, openTab, hellos } = setUp()
    const tabs = [openTab(), openTab(), openTab()]
    await timers.advance(1_000)
    const late = openTab()
    await timers.advance(1_000)
    expect([...tabs, late].map(({ connection }) => connection.state.kind)).toEqual(
      Array(4).fill('online'),
    )
    expect([server.links.size, hellos()]).toEqual([1, 1])
    for (const { welcomes } of [...tabs, late]) expect(welcomes).toHaveLength(1)
    expect(server.heard.filter(({ type }) => type === 'conversation.list')).toHaveLength(1)
  })

  test('[12.1] without a lock or a channel every tab has its own', async () => {
    const timers = createFakeTimers()
    const server = createModelServer({ timers })
    for (let i = 0; i < 3; i++)
      createTestVisitor(
        createTabSocket({
          channel: undefined,
          lock: undefined,
          openSocket: server.openSocket,
          timers,
          newTabId: () => `tab-${i}`,
        }),
        timers,
      ).start()
    await timers.advance(1_000)
    expect(server.links.size).toBe(3)
  })

  test('[12.2] answers go to the tab that asked, whatever their refs', async () => {
    const { server, timers, openTab } = setUp()
    const [one, two] = [openTab(), openTab()]
    await timers.advance(1_000)
    const answers = Promise.all([
      one.connection.request(send('1')),
      two.connection.request(send('2')),
      one.connection
        .request({ type: 'conversation.resume', conversationId: 'other', after: 0 })
        .catch(({ code }: { code: string }) => code),
    ])
    await timers.advance(1_000)
    expect(await answers).toMatchObject([
      { event: { text: '1' } },
      { event: { text: '2' } },
      'not-found',
    ])
    expect(server.histories.get(id)).toHaveLength(4)
  })

  test('[12.3] pushes reach every tab, and what one tab sent reaches the others as an event', async () => {
    const { server, timers, openTab } = setUp()
    const tabs = [openTab(), openTab(), openTab()]
    await timers.advance(1_000)
    server.post(id, 'From Dana')
    await timers.advance(100)
    await Promise.all([tabs[1]?.connection.request(send('From me')), timers.advance(1_000)])
    const heard = tabs.map(({ pushes }) =>
      pushes.flatMap((push) =>
        push.type === 'event' && push.event.type === 'message' ? [push.event.text] : [],
      ),
    )
    expect(heard).toEqual([['From Dana', 'From me'], ['From Dana'], ['From Dana', 'From me']])
  })

  test('[12.3] what the resume of one tab reads, the server does not push to the others: they are told', async () => {
    const { server, timers, openTab } = setUp()
    const open = (tab: ReturnType<typeof openTab>) =>
      createSync({ ...tab, decodeEvent, timers }).open(id)
    server.post(id, 'First')
    const one = open(openTab())
    await timers.advance(1_000)
    const late = openTab()
    await timers.advance(1_000)
    const two = open(late)
    server.post(id, 'In between')
    await timers.advance(1_000)
    for (const { events } of [one, two]) expect(events).toEqual(server.seenBy(id))
  })

  test('[12.4] a tab that comes later is welcomed with what is true now', async () => {
    const { server, timers, openTab } = setUp()
    const first = openTab()
    await timers.advance(1_000)
    await Promise.all([first.connection.request(send('Hello')), timers.advance(1_000)])
    const team = { isAvailable: false, faces: [], usualAnswerMs: 7 }
    server.push({ type: 'team', team })
    await Promise.all([
      first.connection.request({ type: 'contact.set', conversationId: id, email: 'm@example.com' }),
      timers.advance(5_000),
    ])
    const late = openTab()
    await timers.advance(1_000)
    const [welcome] = late.welcomes
    expect(welcome).toMatchObject({ team, visitor: { name: null, hasEmail: true } })
    expect(welcome?.conversations.map((conversation) => conversation.id)).toEqual([id])
    expect(Math.abs((welcome?.serverTime ?? 0) - timers.now())).toBeLessThan(1_200)
  })

  test('[12.5] one pong answers for all', async () => {
    const { server, timers, openTab } = setUp()
    const tabs = [openTab(), openTab(), openTab()]
    await timers.advance(120_000)
    expect(tabs.map(({ connection }) => connection.state.kind)).toEqual(Array(3).fill('online'))
    expect([server.links.size, server.pongs]).toEqual([1, 11])
  })

  test('[12.5] a tab that hears no answers of its own still feels the pulse of a busy link', async () => {
    const { server, timers, openTab } = setUp()
    server.isPinging = false
    const [busy, quiet] = [openTab(), openTab()]
    await timers.advance(1_000)
    for (let i = 0; i < 60; i++) {
      void busy.connection.request({ type: 'page.set' })
      await timers.advance(1_000)
    }
    expect(quiet.welcomes).toHaveLength(1)
    expect(quiet.connection.state.kind).toBe('online')
  })

  test('[12.6] a tab of another visitor gets a socket of its own', async () => {
    const { server, timers, openTab } = setUp()
    const [one] = [openTab()]
    await timers.advance(1_000)
    const other = openTab({ site: 'shop', token: 'boris' })
    await timers.advance(3_000)
    expect(other.connection.state.kind).toBe('online')
    expect(one.connection.state.kind).toBe('online')
    expect(server.heard.flatMap((c) => (c.type === 'hello' ? [c['token']] : []))).toEqual([
      'marta',
      'boris',
    ])
    server.cut()
    await timers.advance(5_000)
    expect(server.links.size).toBe(2)
  })

  test('a bye reaches every tab', async () => {
    const { server, timers, openTab } = setUp()
    const tabs = [openTab(), openTab(), openTab()]
    await timers.advance(1_000)
    server.push({ type: 'bye', code: 'token-revoked', message: 'No.' })
    await timers.advance(60_000)
    expect(tabs.map(({ connection }) => connection.state.kind)).toEqual(Array(3).fill('refused'))
    expect(server.links.size).toBe(0)
  })

  test('what strangers post on the channel is not understood, and harms nothing', async () => {
    const { timers, openTab } = setUp()
    const [one, two] = [openTab(), openTab()]
    await timers.advance(1_000)
    for (const junk of [null, 1, 'x', {}, [], ['text'], ['say', 'x', '{'], ['open'], [[], []]])
      two.deps.channel.post(junk)
    await timers.advance(1_000)
    expect([one.connection.state.kind, two.connection.state.kind]).toEqual(['online', 'online'])
  })
})

describe('when the tab with the link goes', () => {
  test.for(['stop', 'kill'] as const)(
    '[12.7] the next one leads at once, and nobody waits for a backoff (%s)',
    async (how) => {
      const { server, timers, openTab, hellos } = setUp()
      const [first, ...others] = [openTab(), openTab(), openTab()]
      await timers.advance(20_000)
      if (how === 'kill') first.kill()
      else first.connection.stop()
      await timers.advance(200)
      expect(others.map(({ connection }) => connection.state.kind)).toEqual(['online', 'online'])
      expect([server.links.size, hellos()]).toEqual([1, 2])
    },
  )

  test('[12.7] an unanswered request of another tab is rejected, not left hanging', async () => {
    const { timers, openTab } = setUp()
    const [first, second] = [openTab(), openTab()]
    await timers.advance(20_000)
    const asked = second.connection.request(send('1')).catch((error: unknown) => error)
    first.kill()
    await timers.advance(100)
    expect(await asked).toMatchObject({ code: 'disconnected' })
  })

  test('[12.8] a frozen one is noticed within 30 s, and the others go their own way', async () => {
    const { timers, openTab } = setUp()
    const [first, second] = [openTab(), openTab()]
    await timers.advance(20_000)
    first.freeze()
    await timers.advance(30_000)
    expect(second.connection.state.kind).toBe('online')
    expect(second.welcomes).toHaveLength(2)
    await timers.advance(60_000)
    first.thaw()
    await timers.advance(35_000)
    expect(first.connection.state.kind).toBe('online')
    expect(second.welcomes).toHaveLength(2)
  })

  test('[12.8] waking up behind a frozen one does not take 25 s', async () => {
    const { timers, openTab } = setUp()
    const [first, second] = [openTab(), openTab()]
    await timers.advance(20_000)
    first.freeze()
    await timers.advance(4_000)
    second.connection.wake()
    await timers.advance(7_000)
    expect(second.connection.state.kind).toBe('online')
  })

  test('a lost link is opened again by whoever comes first, once', async () => {
    const { server, timers, openTab } = setUp()
    const tabs = [openTab(), openTab(), openTab()]
    await timers.advance(20_000)
    server.cut()
    await timers.advance(3_000)
    expect(tabs.map(({ connection }) => connection.state.kind)).toEqual(Array(3).fill('online'))
    expect(server.links.size).toBe(1)
  })
})

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), tab: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(10_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('post' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('open', 'kill', 'stop', 'start', 'freeze', 'thaw', 'wake'),
      tab: fc.nat(3),
    }),
  },
)

test('[12.9] tabs that open, close, crash and freeze: everything is stored once, and every tab ends with the whole history', () =>
  fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(step, { maxLength: 40 }), async (seed, steps) => {
      const { timers, server, openTab } = setUp({ seed })
      const storage = createTestStorage()
      let ids = 0
      const openPage = () => {
        const tab = openTab()
        const { connection } = tab
        const { timers: own } = tab.deps
        const sync = createSync({ connection, decodeEvent, timers: own })
        const outbox = createOutbox({
          connection,
          storage,
          newId: () => `client-${(++ids).toString().padStart(6, '0')}`,
          timers: own,
        })
        outbox.onSent((_, event) => sync.accept(event))
        return { ...tab, outbox, feed: sync.open(id) }
      }
      const pages = [openPage(), openPage()]
      const dead = new Set<(typeof pages)[number]>()
      const frozen = new Set<(typeof pages)[number]>()
      const written: string[] = []

      for (const now of steps) {
        const page = 'tab' in now ? pages[now.tab % pages.length] : undefined
        const isAwake = page && !dead.has(page) && !frozen.has(page)
        if (now.do === 'wait') await timers.advance(now.ms)
        else if (now.do === 'cut') server.cut()
        else if (now.do === 'post') server.post(id, 'From Dana')
        else if (now.do === 'open') pages.push(openPage())
        else if (!page || dead.has(page)) continue
        else if (now.do === 'kill') {
          page.kill()
          dead.add(page)
        } else if (now.do === 'freeze') {
          page.freeze()
          frozen.add(page)
        } else if (now.do === 'thaw') {
          page.thaw()
          frozen.delete(page)
        } else if (!isAwake) continue
        else if (now.do === 'add')
          written.push(
            page.outbox.add({ conversationId: id, kind: 'message', text: 'x', start: {} }).clientId,
          )
        else if (now.do === 'stop') page.connection.stop()
        else if (now.do === 'start') page.connection.start()
        else page.connection.wake()
      }
      for (const page of frozen) page.thaw()
      pages.push(openPage())
      for (const page of pages) if (!dead.has(page)) page.connection.start()
      await timers.advance(120_000)

      const history = server.seenBy(id)
      expect(
        history
          .flatMap((event) =>
            event.type === 'message' && event.author.kind === 'visitor' ? [event.clientId] : [],
          )
          .sort(),
      ).toEqual(written.sort())
      expect(storage.size).toBe(0)
      for (const page of pages) {
        if (dead.has(page)) continue
        expect(page.connection.state.kind).toBe('online')
        expect(page.feed.events).toEqual(history)
      }
    }),
    { numRuns: 60 },
  ))

// @vitest-environment happy-dom
import { effect } from '@preact/signals-core'
import { render } from 'preact'
import { afterEach, describe, expect, test } from 'vitest'

import { createFakeTimers } from '../../../test/support/fake-timers.ts'
import {
  makeConfig,
  makeConversation,
  makeKept,
  makeMessage,
  makeServer,
  makeWelcome,
} from '../../../test/support/widget-fixtures.ts'
import { createChatPart } from '../chat.tsx'
import { createPanel } from '../models/panel.ts'
import { en } from '../strings/en.ts'
import { PanelView } from './PanelView.tsx'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  document.body.replaceChildren()
})

async function setUp(server = makeServer()) {
  const timers = createFakeTimers()
  const panel = createPanel({
    config: makeConfig(),
    kept: makeKept(),
    tabKept: makeKept(),
    timers,
    openSocketFor: () => server.openSocket,
    getStartFacts: () => ({}),
    hooks: { onOpenChange: () => {}, onUnread: () => {}, focusOpener: () => {} },
    loadChat: async () => ({ createChatPart }),
  })
  const place = document.createElement('div')
  document.body.append(place)
  stops.push(
    effect(() => render(<PanelView panel={panel} t={en} />, place)),
    () => panel.destroy(),
  )
  panel.open(true)
  await timers.advance(10)

  const find = (selector: string) => place.querySelector<HTMLElement>(selector)
  const button = (name: string) =>
    [...place.querySelectorAll('button')].find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent) === name,
    )
  async function click(name: string) {
    button(name)?.click()
    await timers.advance(10)
  }
  async function type(text: string) {
    const field = find('textarea') as HTMLTextAreaElement
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
    await timers.advance(10)
  }
  async function press(key: string, more: KeyboardEventInit = {}) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
    find('textarea')?.dispatchEvent(event)
    await timers.advance(10)
    return event
  }
  const text = () => place.textContent
  return { panel, server, timers, place, find, button, click, type, press, text }
}

const talking = (more = {}, history = [makeMessage(1, 'Hello', { isMine: true })]) =>
  makeServer({ welcome: makeWelcome({ conversations: [makeConversation(more)] }), history })

describe('home', () => {
  test('says who is there and how soon they answer, and has a place to write', async () => {
    const { find, text } = await setUp()
    expect(find('[role=dialog]')?.getAttribute('aria-label')).toBe('Chat')
    expect(text()).toContain('Hi there. How can we help?')
    expect(text()).toContain('Usually answers in under a minute')
    expect(find('textarea')?.getAttribute('aria-label')).toBe('Message')
  })

  test('says when nobody is there', async () => {
    const team = { isAvailable: false, faces: [], usualAnswerMs: 40_000 }
    const { text } = await setUp(makeServer({ welcome: makeWelcome({ team }) }))
    expect(text()).toContain('Nobody is here right now')
    expect(text()).not.toContain('Usually answers')
  })

  test('lists earlier conversations', async () => {
    const lastMessage = { text: 'Here is the return label', isMine: false, at: 0 }
    const { text, click, find } = await setUp(talking({ status: 'closed', lastMessage }))
    expect(text()).toContain('Here is the return label')
    ;(find('ul button') as HTMLButtonElement).click()
    expect(find('[role=log]')).not.toBeNull()
    await click('Back')
    expect(find('[role=log]')).toBeNull()
  })
})

describe('the composer', () => {
  test('sends with Enter, shows the words at once as sending, then as sent', async () => {
    const { type, press, find, text, server, timers } = await setUp()
    await type('  Hello  ')
    await press('Enter')
    await timers.advance(10)
    expect(server.all('message.send')).toMatchObject([{ text: 'Hello' }])
    expect((find('textarea') as HTMLTextAreaElement).value).toBe('')
    expect(find('[role=log]')?.textContent).toContain('Hello')
    expect(text()).toContain('Sending…')
  })

  test.for([
    ['Shift+Enter breaks the line', { shiftKey: true }],
    ['Enter chooses a word while an input method composes', { isComposing: true }],
  ] as const)('%s', async ([, more]) => {
    const { type, press, server } = await setUp()
    await type('Hello')
    expect((await press('Enter', more)).defaultPrevented).toBe(false)
    expect(server.all('message.send')).toEqual([])
  })

  test('does not send blanks', async () => {
    const { type, press, server } = await setUp()
    await type(' \n ')
    await press('Enter')
    expect(server.all('message.send')).toEqual([])
  })

  test('counts before sending, and keeps what is too long', async () => {
    const { type, press, text, find, server } = await setUp()
    await type('x'.repeat(3900))
    expect(find('output')?.textContent).toBe('100')
    await type('x'.repeat(4003))
    expect(text()).toContain('Too long by 3')
    await press('Enter')
    expect(server.all('message.send')).toEqual([])
    expect((find('textarea') as HTMLTextAreaElement).value.length).toBe(4003)
  })

  test('tells the visitor where what is typed is seen', async () => {
    const site = { name: 'Shop', isTypingPreviewOn: true }
    const { text } = await setUp(makeServer({ welcome: makeWelcome({ site }) }))
    expect(text()).toContain('We can see what you are typing')
    expect((await setUp()).text()).not.toContain('We can see')
  })
})

describe('a conversation', () => {
  test('names the agent and whether they are there', async () => {
    const { find } = await setUp(talking())
    expect(find('.who')?.textContent).toBe('DanaOnline · Support')
    const away = await setUp(
      talking({ agent: { id: 'agent-dana', name: 'Dana', isPresent: false } }),
    )
    expect(away.find('.who')?.textContent).toBe('DanaAway · Support')
  })

  test('shows text as text and links as links', async () => {
    const words = '<img src=x onerror=alert(1)> https://example.com/a javascript:alert(1)'
    const { find, place } = await setUp(talking({}, [makeMessage(1, words)]))
    expect(place.querySelector('img')).toBeNull()
    expect(find('.bubble')?.textContent).toBe(words)
    expect(find('.bubble')?.getAttribute('dir')).toBe('auto')
    const links = [...place.querySelectorAll('a')]
    expect(links.map(({ href, target, rel }) => [href, target, rel])).toEqual([
      ['https://example.com/a', '_blank', 'noopener noreferrer nofollow ugc'],
    ])
  })

  test('tells what was read', async () => {
    const { text } = await setUp(talking({ agentReadSeq: 1 }))
    expect(text()).toContain('· Read')
    expect((await setUp(talking())).text()).toContain('· Sent')
  })

  test('shows what was not sent, with the reason and another try', async () => {
    const server = talking()
    const { type, press, text, click, timers } = await setUp(server)
    server.answer = (frame) =>
      frame.type === 'message.send' ? undefined : { events: [], hasMore: false }
    await type('Too much')
    await press('Enter')
    const [sent] = server.all('message.send')
    server.push({
      type: 'failed',
      ref: sent?.ref,
      code: 'text-too-long',
      message: 'Too long.',
      isRetryable: false,
    })
    await timers.advance(10)
    expect(text()).toContain('Not sent – Try again · The message is too long.')
    await click('Try again')
    expect(text()).toContain('Sending…')
    expect(server.all('message.send').length).toBe(2)
  })

  test('tells the place in the queue as it changes', async () => {
    const waiting = { status: 'waiting', agent: null, place: 2 } as const
    const { text, server, timers } = await setUp(talking(waiting))
    expect(text()).toContain('You are number 2 in line')
    server.push({ type: 'conversation', conversation: makeConversation({ ...waiting, place: 1 }) })
    await timers.advance(10)
    expect(text()).toContain('You are next')
  })

  test('shows that the agent types, until they have spoken', async () => {
    const { find, server, timers } = await setUp(talking())
    const by = { kind: 'agent', id: 'agent-dana' }
    server.push({ type: 'typing', conversationId: 'conversation-1', by, isTyping: true })
    await timers.advance(10)
    expect(find('.dots')?.textContent).toBe('Dana is typing')
    server.push({ type: 'event', event: makeMessage(2, 'Here I am') })
    await timers.advance(10)
    expect(find('.dots')).toBeNull()
    expect(find('[role=log]')?.textContent).toContain('Here I am')
  })

  test('says new words aloud, once, and not the history', async () => {
    const { find, server, timers } = await setUp(talking())
    const status = () => find('[role=status]')?.textContent
    await timers.advance(5000)
    expect(status()).toBe('')
    server.push({ type: 'event', event: makeMessage(2, 'Here I am') })
    await timers.advance(1500)
    expect(status()).toBe('Dana: Here I am')
    await timers.advance(5000)
    expect(status()).toBe('')
  })

  test('is ended from the menu, which asks once', async () => {
    const { click, button, text, server, timers } = await setUp(talking())
    await click('More')
    await click('End chat')
    expect(text()).toContain('End this chat?')
    expect(server.all('conversation.close')).toEqual([])
    await click('End chat')
    expect(server.all('conversation.close').length).toBe(1)
    server.push({ type: 'conversation', conversation: makeConversation({ status: 'closed' }) })
    await timers.advance(10)
    expect(button('Keep it')).toBeUndefined()
  })

  test('that has ended offers a new one in place of the composer', async () => {
    const { find, click, server, timers } = await setUp(talking({ lastSeq: 1 }))
    const closed = makeConversation({ status: 'closed', closedAt: 1 })
    server.push({ type: 'conversation', conversation: closed })
    await timers.advance(10)
    expect(find('textarea')).toBeNull()
    await click('Start a new conversation')
    expect(find('textarea')).not.toBeNull()
    expect(find('.bubble')).toBeNull()
  })
})

describe('when nobody is here', () => {
  const team = { isAvailable: false, faces: [], usualAnswerMs: null }
  const waiting = makeConversation({ status: 'waiting', agent: null })

  async function setUpAlone() {
    const ui = await setUp(makeServer({ welcome: makeWelcome({ team, conversations: [waiting] }) }))
    async function submit(email: string) {
      const field = ui.find('input[type=email]') as HTMLInputElement
      field.value = email
      ui.find('form.ask')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
      await ui.timers.advance(10)
    }
    return { ...ui, submit }
  }

  test('asks for an e-mail address, sends it and says where the answer goes', async () => {
    const { text, submit, server, click, find } = await setUpAlone()
    expect(text()).toContain('Leave your message and e-mail')
    await submit(' marta@example.lv ')
    expect(server.all('contact.set')).toMatchObject([{ email: 'marta@example.lv' }])
    expect(text()).toContain('We will answer to marta@example.lv')
    await click('Change')
    expect(find('input[type=email]')).not.toBeNull()
  })

  test('says so when it cannot be an address', async () => {
    const { text, submit, server } = await setUpAlone()
    await submit('marta at example')
    expect(text()).toContain('This does not look like an e-mail address.')
    expect(server.all('contact.set')).toEqual([])
  })
})

describe('without a link', () => {
  test('says that what is written is kept, and sends it once when the link is back', async () => {
    const server = talking()
    const { type, press, text, timers, find } = await setUp(server)
    server.isDown = true
    server.cut()
    await timers.advance(2000)
    expect(text()).toContain('Reconnecting… what you write is kept and sent later.')
    await type('Are you there?')
    await press('Enter')
    expect(find('[role=log]')?.textContent).toContain('Are you there?')
    expect(text()).toContain('Sending…')
    server.isDown = false
    await timers.advance(31_000)
    expect(text()).not.toContain('Reconnecting')
    expect(new Set(server.all('message.send').map((frame) => frame['clientId'])).size).toBe(1)
  })

  test('says when this page is too old for the server', async () => {
    const server = talking()
    const { text, timers } = await setUp(server)
    server.push({ type: 'bye', code: 'version-not-served', message: 'Too old.' })
    await timers.advance(2000)
    expect(text()).toContain('Please reload it')
  })
})

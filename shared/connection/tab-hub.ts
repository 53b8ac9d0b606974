import type { OpenSocket, SocketLike, Timers } from './types.ts'

/**
 * From the tab that holds the socket to the sessions of all tabs. `to` is one session, or null for all
 * but `except`.
 */
export type HubMessage =
  | ['took', to: string, leader: string]
  | ['text', to: string | null, text: string, except?: string]
  | ['closed', to: string | null, code: number]
  /** The session belongs to another visitor than the link: it needs a socket of its own. */
  | ['alone', to: string]

export interface TabHub {
  join(session: string): void
  hear(session: string, text: string): void
  leave(session: string): void
  close(): void
}

/** Another tab must hear something well before its heartbeat gives the link up. */
const pulseEveryMs = 8_000
/** As a browser reports a link that could not be opened. */
const brokenCode = 1006
/** A session that has not even answered a ping for this long belongs to a tab that is gone. */
const forgetAfterMs = 60_000

interface Frame {
  type?: unknown
  ref?: unknown
  [field: string]: unknown
}

/** Lets the sessions of many tabs share one link, each believing that it has its own (SPEC 12). */
export function createTabHub({
  openSocket,
  timers,
  tell,
}: {
  openSocket: OpenSocket
  timers: Timers
  tell: (message: HubMessage) => void
}): TabHub {
  /** When each was last heard of. */
  const sessions = new Map<string, number>()
  /** Who asked what the server will answer; without `ref` it is the hub's own question, for a late hello. */
  const asked = new Map<string, { session: string; ref?: unknown; contact?: Frame }>()
  const waiting = new Set<string>()
  let link: SocketLike | undefined
  let isOpen = false
  let hello: { text: string; frame: Frame } | undefined
  let welcome: { frame: Frame; at: number } | undefined
  let links = 0
  let refs = 0
  let pulseAt = 0

  function join(session: string) {
    sessions.set(session, timers.now())
    if (link) return
    // A closed link must not speak for the one that followed it.
    const mine = ++links
    const isMine = () => mine === links && sessions.size > 0
    try {
      link = openSocket({
        onOpen() {
          if (!isMine()) return
          isOpen = true
          if (hello) link?.send(hello.text)
        },
        onText: (received) => isMine() && receive(received),
        onClose: (code) => isMine() && lose(code),
      })
    } catch {
      timers.after(0, () => isMine() && lose(brokenCode))
    }
  }

  function lose(code: number) {
    reset()
    tell(['closed', null, code])
  }

  function reset() {
    link = hello = welcome = undefined
    isOpen = false
    for (const each of [sessions, asked, waiting]) each.clear()
  }

  function hear(session: string, text: string) {
    if (!sessions.has(session)) return
    sessions.set(session, timers.now())
    const frame = parse(text)
    if (frame.type === 'hello') greet(session, text, frame)
    // One pong for all: the hub gives it itself.
    else if (frame.type && frame.type !== 'pong' && welcome)
      ask(frame, {
        session,
        ref: frame.ref,
        ...(frame.type === 'contact.set' && { contact: frame }),
      })
  }

  function ask(frame: Frame, by: { session: string; ref?: unknown; contact?: Frame }) {
    const ref = (++refs).toString(36)
    asked.set(ref, by)
    link?.send(JSON.stringify({ ...frame, ref }))
  }

  function greet(session: string, text: string, frame: Frame) {
    if (!hello) {
      hello = { text, frame }
      waiting.add(session)
      if (isOpen) link?.send(text)
    } else if (frame['token'] !== hello.frame['token'] || frame['site'] !== hello.frame['site']) {
      leave(session)
      tell(['alone', session])
    } else if (welcome) ask({ type: 'conversation.list' }, { session })
    else waiting.add(session)
  }

  function receive(text: string) {
    const frame = parse(text)
    switch (frame.type) {
      case 'welcome':
        welcome = { frame, at: timers.now() }
        for (const session of waiting) tell(['text', session, text])
        waiting.clear()
        return
      case 'ok':
      case 'failed':
        return settle(frame)
      case 'ping':
        link?.send('{"type":"pong"}')
        for (const [session, heardAt] of sessions)
          if (heardAt < timers.now() - forgetAfterMs) leave(session)
        break
      case 'team':
        if (welcome) welcome.frame['team'] = frame['team']
    }
    tellAll(text)
  }

  function settle(frame: Frame) {
    const by = asked.get(String(frame.ref))
    if (!by) return
    asked.delete(String(frame.ref))
    const result = frame.type === 'ok' ? (frame['result'] as Frame | null | undefined) : undefined

    if (!by.ref) return welcomeLate(by.session, result)
    if (result && by.contact) remember(by.contact)
    tell(['text', by.session, JSON.stringify({ ...frame, ref: by.ref })])
    // What the server told this socket in an answer it does not push to it; but several tabs are behind it. The last
    // event of a resume is enough: who lacks what is before it resumes, too.
    const { event, events } = result ?? {}
    const news = Array.isArray(events) ? (events.at(-1) as unknown) : event
    if (news) tellAll(JSON.stringify({ type: 'event', event: news }), by.session)
    else if (timers.now() - pulseAt > pulseEveryMs) tellAll('{"type":"ping"}')
  }

  /** A welcome for a tab that came later: the first one, brought up to date. */
  function welcomeLate(session: string, result: Frame | null | undefined) {
    if (!welcome) return
    const { conversations = welcome.frame['conversations'] } = result ?? {}
    const serverTime = Number(welcome.frame['serverTime']) + timers.now() - welcome.at
    tell(['text', session, JSON.stringify({ ...welcome.frame, serverTime, conversations })])
  }

  function remember({ name, email }: Frame) {
    if (!welcome) return
    const visitor = welcome.frame['visitor'] as Frame
    welcome.frame['visitor'] = {
      name: name ?? visitor['name'],
      hasEmail: email !== undefined || visitor['hasEmail'],
    }
  }

  function tellAll(text: string, except?: string) {
    pulseAt = timers.now()
    tell(except === undefined ? ['text', null, text] : ['text', null, text, except])
  }

  function leave(session: string) {
    sessions.delete(session)
    waiting.delete(session)
    if (sessions.size === 0) close()
  }

  function close() {
    const left = link
    reset()
    left?.close()
  }

  return { join, hear, leave, close }
}

function parse(text: string): Frame {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' && frame ? (frame as Frame) : {}
  } catch {
    return {}
  }
}

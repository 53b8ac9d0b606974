import { movedCode } from './connection.ts'
import { createTabHub, type HubMessage, type TabHub } from './tab-hub.ts'
import type { OpenSocket, SocketEvents, SocketLike, Timers, Unsubscribe } from './types.ts'

/** What one tab says is heard by the others, in order: a BroadcastChannel. */
export interface TabChannel {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): Unsubscribe
}

/** Held by one tab at a time, and passed on when that tab is gone: a Web Lock. */
export interface TabLock {
  /** `onGranted` is called later, when this tab has the lock; the result lets it go, or stops waiting for it. */
  hold(onGranted: () => void): () => void
}

export interface TabSocketDeps {
  /** Both or neither: without them every tab has a socket of its own. */
  channel: TabChannel | undefined
  lock: TabLock | undefined
  openSocket: OpenSocket
  timers: Timers
  newTabId: () => string
}

/** A tab that holds the lock and does not answer in this time is frozen: this tab goes its own way. */
const tookWithinMs = 2_000

type TabMessage =
  | HubMessage
  | ['lead', leader: string]
  | ['open' | 'close', session: string]
  | ['say', session: string, text: string]

interface Session {
  id: string
  events: SocketEvents
  /** The tab that holds the socket, once it took this session. */
  leader?: string
  /** Its own, where no tab took it. */
  socket?: SocketLike
  cancelTimer(): void
}

/**
 * Sockets that share one real link among the tabs of a browser (SPEC 12). The tab with the lock leads: it holds
 * the link, and the others tunnel through it. When it goes, the next leads, and everyone comes back at once.
 */
export function createTabSocket(deps: TabSocketDeps): OpenSocket {
  const { channel, lock, timers, newTabId } = deps
  if (!channel || !lock) return deps.openSocket

  const tab = newTabId()
  let sessions = 0
  let session: Session | undefined
  let hub: TabHub | undefined
  let release: (() => void) | undefined
  /** The tab that leads serves another visitor. */
  let isAlone = false

  const post = (message: TabMessage) => channel.post(message)

  function open(events: SocketEvents): SocketLike {
    if (isAlone) return deps.openSocket(events)
    const mine: Session = {
      id: `${tab}.${++sessions}`,
      events,
      cancelTimer: hub
        ? timers.after(0, () => take(mine))
        : timers.after(tookWithinMs, () => goAlone(mine)),
    }
    session = mine
    if (!hub) post(['open', mine.id])
    release ??= lock?.hold(lead)

    return {
      send(text) {
        if (mine.socket) mine.socket.send(text)
        else if (mine.leader !== tab) post(['say', mine.id, text])
        else hub?.hear(mine.id, text)
      },
      close() {
        if (session === mine) leave(mine)
      },
    }
  }

  /** This tab has the lock. */
  function lead() {
    hub = createTabHub({ ...deps, tell })
    post(['lead', tab])
    if (session?.leader) end(movedCode)
    else if (session && !session.socket) take(session)
  }

  /** This tab's own session, led by itself. */
  function take(mine: Session) {
    if (session !== mine || !hub) return
    hub.join(mine.id)
    tell(['took', mine.id, tab])
  }

  function goAlone(mine: Session) {
    if (session === mine) mine.socket = deps.openSocket(mine.events)
  }

  /** The connection of this tab closes its session; so it does not need to lead either. */
  function leave(mine: Session) {
    mine.cancelTimer()
    session = undefined
    mine.socket?.close()
    if (hub) {
      hub.close()
      hub = undefined
    } else if (!mine.socket) post(['close', mine.id])
    letGo()
  }

  function letGo() {
    release?.()
    release = undefined
  }

  /** The session ends from the other side; the lock stays, or the place in its queue. */
  function end(code: number) {
    const ended = session
    session = undefined
    ended?.cancelTimer()
    ended?.events.onClose(code, '')
  }

  /** From the hub of this tab to the sessions of all. */
  function tell(message: HubMessage) {
    if (message[1] !== session?.id) post(message)
    follow(message)
  }

  function follow(message: TabMessage) {
    if (!session || session.socket) return
    const [kind, to, what] = message
    if (kind === 'lead') {
      if (session.leader) end(movedCode)
      // It was asked before there was anybody to hear it.
      else post(['open', session.id])
    } else if (to !== null && to !== session.id) return
    else if (kind === 'took') {
      // Asked twice, it is taken twice.
      if (session.leader) return
      session.cancelTimer()
      session.leader = what
      session.events.onOpen()
    } else if (!session.leader) return
    else if (kind === 'text') {
      if (message[3] !== session.id) session.events.onText(what)
    } else if (kind === 'closed') end(what)
    else if (kind === 'alone') {
      isAlone = true
      if (!hub) letGo()
      end(movedCode)
    }
  }

  channel.onMessage((message) => {
    // Whatever else runs on this page can post here, too.
    if (!Array.isArray(message)) return
    const [kind, from, text] = message as TabMessage
    if (!hub) return follow(message as TabMessage)
    if (kind === 'open') {
      hub.join(from)
      post(['took', from, tab])
    } else if (kind === 'close') hub.leave(from)
    else if (kind === 'say') hub.hear(from, text)
  })

  return open
}

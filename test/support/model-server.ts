import type { SocketEvents } from '../../shared/connection/types.ts'
import type { VisitorCommand } from '../../shared/protocol/commands.ts'
import type { ErrorCode } from '../../shared/protocol/errors.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { FakeTimers } from './fake-timers.ts'
import { asSeenBy } from './histories.ts'

/** What goes wrong, each as a probability. */
export interface Faults {
  /** The link dies and the command was not heard. */
  cutBefore: number
  /** The link dies after the commit and before the answer. */
  cutAfter: number
  /** The command is refused for now. */
  refuse: number
  losePush: number
  repeatPush: number
  /** The push comes up to a second late, after others. */
  delayPush: number
  /** A push says that what the client holds is void. */
  resync: number
}

const noFaults: Faults = {
  cutBefore: 0,
  cutAfter: 0,
  refuse: 0,
  losePush: 0,
  repeatPush: 0,
  delayPush: 0,
  resync: 0,
}

/** A number generator that a seed decides: 0 ≤ x < 1. */
export function createChance(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32
  }
}

/**
 * The visitor's side of the protocol as the specification has it, in memory and in the test's time: what the
 * clients are held against. Everything that it stores is in `histories`.
 */
export function createModelServer({
  timers,
  chance = () => 0.999_999,
  pageSize = 3,
}: {
  timers: FakeTimers
  chance?: () => number
  pageSize?: number
}) {
  const histories = new Map<string, TimelineEvent[]>()
  const links = new Set<ModelLink>()
  const heard: { type: string; [field: string]: unknown }[] = []
  const server = {
    openSocket,
    histories,
    links,
    /** Every command that was heard. */
    heard,
    faults: { ...noFaults },
    isPinging: true,
    pongs: 0,
    seenBy: (conversationId: string) => asSeenBy('visitor', histories.get(conversationId) ?? []),
    /** Somebody else writes. */
    post(conversationId: string, text: string) {
      publish(append(conversationId, { kind: 'agent', id: 'agent-dana' }, text, nextId('theirs')))
    },
    read(conversationId: string, by: 'visitor' | 'agent', seq: number) {
      const cursor = cursorsOf(conversationId)
      cursor[by] = Math.max(cursor[by], seq)
      for (const link of links) push(link, { type: 'read', conversationId, by, seq })
    },
    welcome,
    /** Cuts every link; no client is told anything else. */
    cut() {
      for (const link of links) link.die()
    },
    push(frame: object) {
      for (const link of links) if (link.isGreeted) link.answer(frame)
    },
  }

  interface ModelLink {
    isGreeted: boolean
    /** Up to where each conversation was handed out by a resume: live events up to there are not repeated. */
    handedOut: Map<string, number>
    answer(frame: object, extraMs?: number): void
    die(code?: number): void
  }

  const cursors = new Map<string, { visitor: number; agent: number }>()
  let ids = 0
  let publishAt = 0
  const nextId = (kind: string) => `${kind}-${(++ids).toString().padStart(8, '0')}`

  function openSocket(events: SocketEvents) {
    let isAlive = true
    let inboundAt = 0
    let outboundAt = 0
    const later = () => 1 + Math.floor(chance() * 30)

    const link: ModelLink = {
      isGreeted: false,
      handedOut: new Map(),
      answer(frame, extraMs = 0) {
        // Frames of a socket keep their order, except those that a test holds back.
        const at = Math.max(timers.now() + later(), outboundAt)
        if (extraMs === 0) outboundAt = at
        const text = JSON.stringify(frame)
        timers.after(at - timers.now() + extraMs, () => isAlive && events.onText(text))
      },
      die(code = 1006) {
        if (!isAlive) return
        isAlive = false
        links.delete(link)
        timers.after(later(), () => events.onClose(code, ''))
      },
    }
    links.add(link)
    timers.after(later(), () => {
      if (isAlive) events.onOpen()
    })

    return {
      send(text: string) {
        inboundAt = Math.max(timers.now() + later(), inboundAt)
        timers.after(inboundAt - timers.now(), () => isAlive && hear(link, JSON.parse(text)))
      },
      close() {
        isAlive = false
        links.delete(link)
      },
    }
  }

  function hear(link: ModelLink, command: VisitorCommand | { type: 'hello' } | { type: 'pong' }) {
    if (command.type === 'pong') {
      server.pongs++
      return
    }
    heard.push(command)
    if (command.type === 'hello') {
      link.isGreeted = true
      link.answer(welcome())
      const ping = () => {
        if (!links.has(link)) return
        if (server.isPinging) link.answer({ type: 'ping' })
        timers.after(10_000, ping)
      }
      timers.after(10_000, ping)
      return
    }
    if (happens('cutBefore')) return link.die()
    if (happens('refuse')) return link.answer(failed(command.ref, 'too-fast', 500))
    const reply = answer(link, command)
    if (happens('cutAfter')) return link.die()
    link.answer(reply)
  }

  function answer(link: ModelLink, command: VisitorCommand): object {
    const ok = (result: unknown) => ({ type: 'ok', ref: command.ref, result })
    if (command.type === 'message.send') {
      const { conversationId, clientId, text } = command
      const repeated = [...histories.values()]
        .flat()
        .find((event) => event.type === 'message' && event.clientId === clientId)
      if (repeated?.type === 'message')
        return repeated.text === text && repeated.conversationId === conversationId
          ? ok({ event: seen(repeated) })
          : failed(command.ref, 'client-id-reused')
      if (!histories.has(conversationId)) {
        if (!command.start) return failed(command.ref, 'not-found')
        publish(appendEvent(conversationId, { type: 'created', page: null }))
        appendEvent(conversationId, { type: 'queued', reason: 'new' })
      }
      const event = append(conversationId, { kind: 'visitor', id: 'visitor-1' }, text, clientId)
      publish(event, link)
      return ok({ event: seen(event) })
    }
    if (command.type === 'conversation.resume') {
      if (!histories.has(command.conversationId)) return failed(command.ref, 'not-found')
      const left = server.seenBy(command.conversationId).filter(({ seq }) => seq > command.after)
      const { visitor, agent } = cursorsOf(command.conversationId)
      const page = left.slice(0, pageSize)
      const { conversationId, after } = command
      const known = after > 0 ? (link.handedOut.get(conversationId) ?? 0) : 0
      const upTo = Math.max(page.at(-1)?.seq ?? after, known)
      link.handedOut.set(conversationId, upTo)
      return ok({
        events: page,
        hasMore: left.length > pageSize,
        visitorReadSeq: visitor,
        agentReadSeq: agent,
      })
    }
    if (command.type === 'conversation.list') return ok({ conversations: conversations() })
    return ok({})
  }

  function welcome() {
    return {
      type: 'welcome',
      version: 1,
      serverTime: timers.now(),
      site: { name: 'Shop', isTypingPreviewOn: false },
      visitor: { name: null, hasEmail: false },
      team: { isAvailable: true, faces: [], usualAnswerMs: null },
      conversations: conversations(),
    }
  }

  function conversations() {
    return [...histories.keys()].map((id) => ({
      id,
      status: 'waiting',
      agent: null,
      department: 'Support',
      lastSeq: server.seenBy(id).at(-1)?.seq ?? 0,
      visitorReadSeq: 0,
      agentReadSeq: 0,
      unread: 0,
      lastMessage: null,
      place: 1,
      startedAt: 1,
      closedAt: null,
    }))
  }

  type Fields<Event> = Event extends TimelineEvent
    ? Omit<Event, 'conversationId' | 'id' | 'seq' | 'prev' | 'at'>
    : never

  function appendEvent(conversationId: string, fields: Fields<TimelineEvent>): TimelineEvent {
    const history = histories.get(conversationId) ?? []
    histories.set(conversationId, history)
    const seq = history.length + 1
    const event = {
      ...fields,
      conversationId,
      id: nextId('event'),
      seq,
      prev: seq - 1,
      at: timers.now(),
    } as TimelineEvent
    history.push(event)
    return event
  }

  function append(
    conversationId: string,
    author: { kind: 'visitor' | 'agent'; id: string },
    text: string,
    clientId: string,
  ) {
    return appendEvent(conversationId, {
      type: 'message',
      author: { ...author, name: null },
      clientId,
      text,
    })
  }

  function seen(event: TimelineEvent) {
    const found = server.seenBy(event.conversationId).find(({ seq }) => seq === event.seq)
    if (!found) throw new Error('A visitor cannot see this event.')
    return found
  }

  /** A while after the commit, in the order of the commits: a resume may be answered in between. */
  function publish(event: TimelineEvent, asker?: ModelLink) {
    publishAt = Math.max(publishAt, timers.now() + Math.floor(chance() * 40))
    timers.after(publishAt - timers.now(), () => {
      const { conversationId, seq } = event
      for (const link of links) {
        if (link === asker || (link.handedOut.get(conversationId) ?? 0) >= seq) continue
        push(link, { type: 'event', event: seen(event) })
        if (happens('resync')) push(link, { type: 'resync', conversationId })
      }
    })
  }

  function push(link: ModelLink, frame: object) {
    if (!link.isGreeted || happens('losePush')) return
    const late = () => (happens('delayPush') ? 1 + Math.floor(chance() * 1_000) : 0)
    link.answer(frame, late())
    if (happens('repeatPush')) link.answer(frame, late())
  }

  function happens(fault: keyof Faults) {
    return chance() < server.faults[fault]
  }

  function cursorsOf(conversationId: string) {
    const found = cursors.get(conversationId) ?? { visitor: 0, agent: 0 }
    cursors.set(conversationId, found)
    return found
  }

  return server
}

function failed(ref: string, code: ErrorCode, retryAfterMs?: number) {
  return {
    type: 'failed',
    ref,
    code,
    message: code,
    isRetryable: retryAfterMs !== undefined,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

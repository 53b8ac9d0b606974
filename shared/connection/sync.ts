import type { AgentPush, Resumed, VisitorPush } from '../protocol/events.ts'
import { isPlace, isResumed } from '../protocol/shapes.ts'
import type { TimelineEvent } from '../protocol/timeline-event.ts'
import {
  addEvents,
  type AnyEvent,
  emptyTimeline,
  hasGap,
  type Timeline,
  withoutGap,
} from '../timeline/timeline.ts'
import { backoffMs } from './backoff.ts'
import { createEmitter } from './emitter.ts'
import { toFailure, toRequestError } from './request-error.ts'
import type { Connection, Feed, RequestFailure, Sync, Timers, WhenShown } from './types.ts'

export interface SyncDeps {
  connection: Pick<
    Connection<unknown, VisitorPush | AgentPush>,
    'state' | 'request' | 'onWelcome' | 'onPush'
  >
  /** `decodeEvent` of the protocol; undefined for a type that this client does not know. */
  decodeEvent: (raw: unknown) => TimelineEvent | undefined
  timers: Timers
}

/** Keeps the open conversations complete over lost links, lost pushes and resyncs (D4; SPEC 5 and 7). */
export function createSync({ connection, decodeEvent, timers }: SyncDeps): Sync {
  const feeds = new Set<OpenFeed>()

  function open(conversationId: string) {
    const changes = createEmitter<void>()
    let timeline: Timeline = emptyTimeline
    /** Shown in place of a timeline that is being read anew. */
    let former: readonly TimelineEvent[] | undefined
    let readBy = { visitor: 0, agent: 0 }
    let isLoaded = false
    let failure: RequestFailure | undefined
    /** Of the resume that runs; an older one, whose link is gone, is not heard. 0 while none runs. */
    let round = 0
    let rounds = 0
    /** Something came during the resume that it may not cover. */
    let isStale = false
    let failures = 0
    /** Set while a failed resume waits for its next try. */
    let cancelRetry: (() => void) | undefined

    /** Waits for the history to be whole again. */
    let waiting: (() => void)[] = []

    function tell() {
      changes.emit()
      if (hasGap(timeline) && !failure && feeds.has(feed)) return
      const ready = waiting
      waiting = []
      for (const call of ready) call()
    }

    /** Asks for what is missing. While one resume runs, or waits for its next try, there is no second. */
    function resume() {
      if (round > 0) isStale = true
      else if (!cancelRetry) void run()
    }

    async function run() {
      if (connection.state.kind !== 'online') return
      const mine = (round = ++rounds)
      isStale = false
      try {
        while (await readPage(() => mine === round));
      } catch (error) {
        if (mine === round) fail(toFailure(error))
      }
      if (mine !== round) return
      round = 0
      tell()
      if (isStale && hasGap(timeline)) resume()
    }

    /** Reads the page after what is held. True when there is another one. */
    async function readPage(isMine: () => boolean) {
      const after = timeline.lastSeq
      const result = await connection.request<Resumed>({
        type: 'conversation.resume',
        conversationId,
        after,
      })
      if (!isMine()) return false
      if (!isResumed(result)) throw brokenAnswer()

      const events = result.events.flatMap(toEvent)
      timeline = addEvents(timeline, events)
      // The server does not push what this link has read; who else shows the conversation hears it from here.
      const last = events.at(-1)
      if (last) for (const other of of(feed)) other.take(last)
      moveCursor('visitor', result.visitorReadSeq)
      moveCursor('agent', result.agentReadSeq)
      if (result.hasMore) {
        if (timeline.lastSeq === after) throw brokenAnswer()
        tell()
        return true
      }
      // The server has no more, and nothing came since it was asked: there is nothing in the gap.
      if (!isStale && hasGap(timeline)) timeline = withoutGap(timeline)
      isLoaded = true
      former = failure = undefined
      failures = 0
      return false
    }

    function fail(reason: RequestFailure) {
      // The next welcome resumes.
      if (reason.code === 'disconnected') return
      // A new conversation is created by its first message, which comes through `take`.
      if (reason.code === 'not-found' && timeline.lastSeq === 0) {
        isLoaded = true
        former = undefined
        return
      }
      if (!reason.isRetryable) {
        failure = reason
        return
      }
      const ms = (reason.retryAfterMs ?? 0) + backoffMs(failures++, timers.random())
      cancelRetry = timers.after(ms, () => {
        cancelRetry = undefined
        resume()
      })
    }

    /** `decodeEvent`, with a place in the order for what this client does not know. */
    function toEvent(raw: unknown): AnyEvent[] {
      const event = decodeEvent(raw)
      if (event) return [event]
      return isPlace(raw) ? [{ type: 'skipped', seq: raw.seq, prev: raw.prev }] : []
    }

    function moveCursor(by: 'visitor' | 'agent', seq: number) {
      readBy = { ...readBy, [by]: Math.max(readBy[by], seq) }
    }

    const feed: OpenFeed = {
      conversationId,
      get events() {
        return former ?? timeline.events
      },
      get visitorReadSeq() {
        return readBy.visitor
      },
      get agentReadSeq() {
        return readBy.agent
      },
      get isLoaded() {
        return isLoaded
      },
      get failure() {
        return failure
      },
      onChange: changes.on,
      close() {
        feeds.delete(feed)
        cancelRetry?.()
        round = -1
        tell()
      },
      /** Of a new link: what ran on the old one is over. */
      restart() {
        cancelRetry?.()
        cancelRetry = failure = undefined
        round = failures = 0
        resume()
      },
      take(event) {
        const isFirst = timeline.lastSeq === 0
        const before = timeline
        timeline = addEvents(timeline, [event])
        if (timeline === before) return
        // The first one may be the one that brought the conversation into being: only a resume makes it complete.
        if (hasGap(timeline) || isFirst) resume()
        tell()
      },
      whenWhole(call) {
        if (hasGap(timeline)) waiting.push(call)
        else call()
      },
      read(by, seq) {
        moveCursor(by, seq)
        tell()
      },
      forget() {
        former ??= timeline.events
        timeline = emptyTimeline
        readBy = { visitor: 0, agent: 0 }
        feed.restart()
      },
    }
    feeds.add(feed)
    void run()
    return feed
  }

  const unsubscribes = [
    connection.onWelcome(() => {
      for (const feed of feeds) feed.restart()
    }),
    connection.onPush((push) => {
      if (push.type === 'event') void accept(push.event)
      else if (push.type === 'read') of(push).forEach((feed) => feed.read(push.by, push.seq))
      else if (push.type === 'resync') of(push).forEach((feed) => feed.forget())
    }),
  ]

  function of({ conversationId }: { conversationId: string }) {
    return [...feeds].filter((feed) => feed.conversationId === conversationId)
  }

  function accept(event: TimelineEvent): WhenShown {
    const showing = of(event)
    for (const feed of showing) feed.take(event)
    return (call) => (showing[0] ? showing[0].whenWhole(call) : call())
  }

  return {
    open,
    accept,
    stop() {
      for (const unsubscribe of unsubscribes) unsubscribe()
      for (const feed of feeds) feed.close()
    },
  }
}

type OpenFeed = Feed & {
  restart(): void
  take(event: AnyEvent): void
  whenWhole(call: () => void): void
  read(by: 'visitor' | 'agent', seq: number): void
  forget(): void
}

function brokenAnswer() {
  return toRequestError({
    code: 'internal',
    message: 'The answer to a resume could not be read.',
    isRetryable: true,
  })
}

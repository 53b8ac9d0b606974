import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import type { WebSocket } from 'ws'

import { closeCodes } from '../../shared/protocol/errors.ts'
import { heartbeat, limits } from '../../shared/protocol/limits.ts'
import type { AgentCaller, VisitorCaller } from '../context.ts'
import type { AppError } from '../errors.ts'

/** Unsent bytes past which a reader is cut off: it resumes from its last seq, and our memory stays bounded (D7). */
const maxUnsentBytes = 1024 * 1024
/** Unsent bytes up to which another large answer may follow. */
const roomBytes = 256 * 1024
const roomCheckMs = 10
/** Bytes that are gathered for one write. */
const gatherBytes = 64 * 1024
/** Commands under way at once on one connection. */
const maxInFlight = 256

export const pingFrame = JSON.stringify({ type: 'ping' })

/**
 * Frames of any kind, sense or nonsense, far above what commands may be: answering each of a flood with a refusal
 * is what a flood wants, so past this the connection ends.
 */
const frames = { burst: 2_000, perSecond: 500 }

interface Bucket {
  tokens: number
  at: number
}

/** A socket that said hello, or is about to. Knows nothing of what is said on it. */
export class Connection {
  readonly id: string
  readonly kind: 'visitor' | 'agent'
  /** Whom limits per address count it for. */
  readonly address: string
  /** Of the page that opened it, as its browser says. */
  readonly origin: string | undefined
  /** Conversations whose events it gets, with the seq up to which it has them already. */
  readonly subscriptions = new Map<string, number>()
  /** Called when its socket is gone. */
  onGone: () => void = () => {}
  caller: VisitorCaller | AgentCaller | undefined
  lastHeardAt: number
  lastPingAt = 0
  inFlight = 0
  isClosed = false
  /** Who is there as it was last told: the team to a visitor, colleagues to an agent. */
  told: string | undefined
  /** Rows that an agent sees only because they hold them or are offered them: gone when that ends. */
  heldRows: Set<string> | undefined
  /** What came between being filed and being welcomed: a client drops what comes before its welcome. */
  #held: string[] | undefined
  readonly #socket: WebSocket
  readonly #bucket: Bucket
  readonly #frames: Bucket
  readonly #onSlow: () => void
  readonly #wire: Pick<Socket, 'cork' | 'uncork'> | undefined
  #gathered = 0
  #turn: Promise<void> = Promise.resolve()

  constructor(
    socket: WebSocket,
    options: {
      id: string
      kind: 'visitor' | 'agent'
      address: string
      origin: string | undefined
      now: number
      onSlow: () => void
      /** The TCP socket below, to gather the frames of a turn into one write. */
      wire: Pick<Socket, 'cork' | 'uncork'> | undefined
    },
  ) {
    this.#socket = socket
    this.id = options.id
    this.kind = options.kind
    this.address = options.address
    this.origin = options.origin
    this.lastHeardAt = options.now
    this.#bucket = { tokens: burst[options.kind], at: options.now }
    this.#frames = { tokens: frames.burst, at: options.now }
    this.#onSlow = options.onSlow
    this.#wire = options.wire
  }

  /** Sends an encoded frame. A reader too slow to keep up is cut off instead of remembered. */
  send(frame: string) {
    if (this.isClosed) return
    if (this.#held) {
      this.#held.push(frame)
      return
    }
    if (this.#socket.bufferedAmount > maxUnsentBytes) {
      this.#onSlow()
      this.isClosed = true
      // A close frame would wait behind the bytes that the reader does not take.
      this.#socket.terminate()
      return
    }
    this.#gather(frame.length)
    this.#socket.send(frame)
  }

  /**
   * Lets answers that may be large go one after the other, each when the one before is mostly taken: a reader that asks
   * for much at once is slow by our doing, and must not be cut off for it.
   */
  async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#turn
    let finish = () => {}
    this.#turn = new Promise((resolve) => (finish = resolve))
    await before
    while (!this.isClosed && this.#socket.bufferedAmount > roomBytes) await wait(roomCheckMs)
    try {
      return await work()
    } finally {
      // The answer is handed to the socket before the next one measures what is left to send.
      setImmediate(finish)
    }
  }

  /** A commit is followed by many frames at once: one write for those that go to the same socket. */
  #gather(length: number) {
    if (!this.#wire) return
    if (this.#gathered === 0) {
      this.#wire.cork()
      process.nextTick(() => this.#letGo())
    }
    this.#gathered += length
    // What waits in here counts as unsent, so it may not be much.
    if (this.#gathered > gatherBytes) this.#letGo()
  }

  #letGo() {
    if (this.#gathered === 0) return
    this.#gathered = 0
    this.#wire?.uncork()
  }

  sendJson(frame: object) {
    this.send(JSON.stringify(frame))
  }

  /** Keeps pushes back until the welcome, which is read after the connection hears what changes. */
  hold() {
    this.#held ??= []
  }

  /** Sends the welcome, then what changed while it was put together. */
  welcome(frame: object) {
    const held = this.#held ?? []
    this.#held = undefined
    this.sendJson(frame)
    for (const push of held) this.send(push)
  }

  /** Says why, then closes. */
  bye(code: string, message: string, closeCode: number, retryAfterMs?: number) {
    if (this.isClosed) return
    this.#held = undefined
    this.sendJson({
      type: 'bye',
      code,
      message,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
    this.close(closeCode, code)
  }

  byeWith(error: AppError, closeCode: number = closeCodes.notAllowed) {
    this.bye(error.code, error.message, closeCode, error.extra.retryAfterMs)
  }

  close(code: number, reason = '') {
    if (this.isClosed) return
    this.isClosed = true
    this.#socket.close(code, reason)
  }

  terminate() {
    this.isClosed = true
    this.#socket.terminate()
  }

  /** Takes a token for one command; otherwise the time until there is one. */
  take(now: number): { ok: true } | { ok: false; retryAfterMs: number } {
    const perSecond = refill[this.kind]
    const isGiven =
      this.inFlight < maxInFlight &&
      takeFrom(this.#bucket, { burst: burst[this.kind], perSecond }, now)
    return isGiven ? { ok: true } : { ok: false, retryAfterMs: Math.ceil(1_000 / perSecond) + 100 }
  }

  /** Counts a frame that came; false when they come faster than anybody who means well sends them. */
  hear(now: number): boolean {
    this.lastHeardAt = now
    return takeFrom(this.#frames, frames, now)
  }
}

function takeFrom(bucket: Bucket, rule: { burst: number; perSecond: number }, now: number) {
  const since = Math.max(0, now - bucket.at)
  bucket.tokens = Math.min(rule.burst, bucket.tokens + (since * rule.perSecond) / 1_000)
  bucket.at = now
  if (bucket.tokens < 1) return false
  bucket.tokens -= 1
  return true
}

/** Commands per connection: what fast people and catching up need, with room. */
const burst = { visitor: 60, agent: 200 }
const refill = { visitor: 15, agent: 50 }

/** Called about once a second for each connection: asks whether it is there, and ends it when it is not. */
export function keepAlive(connection: Connection, now: number) {
  const silentMs = now - connection.lastHeardAt
  if (silentMs >= heartbeat.deadAfterMs) {
    connection.terminate()
    return
  }
  if (silentMs >= heartbeat.pingAfterMs && now - connection.lastPingAt >= heartbeat.pingAfterMs) {
    connection.lastPingAt = now
    connection.send(pingFrame)
  }
}

export const socketOptions = {
  maxPayload: limits.frameBytes,
  /** Who does not answer a close frame is not waited for: a revoked socket ends within two seconds (D11). */
  closeTimeout: 1_000,
  /** A message in a thousand pieces is no message. */
  maxFragments: 256,
  // Compression costs hundreds of KB per connection for frames of a few hundred bytes.
  perMessageDeflate: false,
} as const

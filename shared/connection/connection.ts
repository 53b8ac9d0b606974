import type { Answer, Decoded } from '../protocol/codec.ts'
import { heartbeat } from '../protocol/limits.ts'
import { backoffMs } from './backoff.ts'
import { createEmitter } from './emitter.ts'
import { type RequestError, toFailure, toRequestError } from './request-error.ts'
import type { Connection, LinkState, OpenSocket, SocketLike, Timers } from './types.ts'

export interface ConnectionDeps<Welcome, Push> {
  openSocket: OpenSocket
  /** The first frame; asked anew for each attempt, because a ticket is good for one. */
  hello: () => object | Promise<object>
  /** Made by `makeDecoder` from the side's pushes and `answerSchemas`. */
  decodePush: (text: string) => Decoded<Welcome | Push | Answer>
  timers: Timers
}

/** A close with this code means: the way to the server moved, try again at once (a tab that held the socket left). */
export const movedCode = 4900

/** An attempt that has no `welcome` after this long has failed. */
const welcomeWithinMs = 15_000
/** A request without an answer after this long means that the link is not to be trusted. */
const answerWithinMs = 15_000
/** A link that lasted this long was healthy: the backoff starts from the beginning. */
const healthyAfterMs = 10_000
/** Waking up does not question a link that spoke this recently. */
const freshForMs = 3_000
/** Waking up, however often, starts no more than one attempt in this time. */
const attemptEveryMs = 1_000
const maxPending = 200

/** What trying again does not change. */
const refusals: readonly string[] = [
  'signed-out',
  'token-revoked',
  'origin-not-allowed',
  'not-allowed',
  'version-not-served',
  'site-not-found',
]

interface Pending {
  resolve(result: unknown): void
  reject(error: RequestError): void
  cancelTimer(): void
}

/** A link to the server that is always there, being made, or about to be tried again (SPEC 2, 3 and 9). */
export function createConnection<Welcome extends { type: string }, Push extends { type: string }>({
  openSocket,
  hello,
  decodePush,
  timers,
}: ConnectionDeps<Welcome, Push>): Connection<Welcome, Push> {
  const states = createEmitter<LinkState>()
  const welcomes = createEmitter<Welcome>()
  const pushes = createEmitter<Push>()
  const pending = new Map<string, Pending>()

  let state: LinkState = { kind: 'idle' }
  let socket: SocketLike | undefined
  /** Raised with every change of the link: what an older one still has to say is not heard. */
  let epoch = 0
  let refs = 0
  let failures = 0
  let attemptedAt = -Infinity
  let onlineAt = 0
  let heardAt = 0
  /** The server asked not to be tried before. */
  let earliestAt = 0
  let cancelProbe: (() => void) | undefined
  /** Of the attempt, the heartbeat or the wait: there is one at a time. */
  let cancelTimer = () => {}

  /** Ends the link as it is, if there is one, and goes over to `next`. */
  function enter(next: LinkState, afterMs?: number, call?: () => void) {
    const left = socket
    epoch++
    cancelTimer()
    cancelTimer = afterMs === undefined || !call ? () => {} : timers.after(afterMs, call)
    socket = undefined
    endProbe()
    if (wasHealthy()) failures = 0
    state = next
    left?.close()

    const lost = [...pending.values()]
    pending.clear()
    for (const { reject, cancelTimer: cancel } of lost) {
      cancel()
      reject(disconnected())
    }
    states.emit(next)
  }

  function waitFor(ms: number) {
    enter({ kind: 'waiting', retryAt: timers.now() + ms }, ms, attempt)
  }

  /** The link failed. The server may have said how long it wants to be left alone. */
  function lose(leaveAloneMs = 0) {
    // Before the bound of the wait is drawn: a link that was healthy starts anew.
    if (wasHealthy()) failures = 0
    earliestAt = timers.now() + leaveAloneMs
    waitFor(leaveAloneMs + backoffMs(failures++, timers.random()))
  }

  function wasHealthy() {
    return state.kind === 'online' && timers.now() - onlineAt >= healthyAfterMs
  }

  /** Back as soon as the server and `attemptEveryMs` allow. */
  function hurry() {
    const at = Math.max(timers.now(), earliestAt, attemptedAt + attemptEveryMs)
    if (state.kind === 'waiting' && at < state.retryAt) waitFor(at - timers.now())
  }

  function loseAndHurry() {
    lose()
    hurry()
  }

  /** The server, or who gives out the ticket, said no. */
  function end({
    code,
    message,
    retryAfterMs,
  }: { [Field in 'code' | 'message']: string } & { retryAfterMs?: number | undefined }) {
    if (refusals.includes(code)) enter({ kind: 'refused', code, message })
    else lose(retryAfterMs)
  }

  function attempt() {
    attemptedAt = timers.now()
    enter({ kind: 'connecting' }, welcomeWithinMs, lose)
    // A listener may have stopped it already.
    if (state.kind === 'connecting') void open(epoch)
  }

  async function open(mine: number) {
    const isMine = () => mine === epoch
    try {
      const greeting = await hello()
      if (!isMine()) return
      socket = openSocket({
        onOpen: () => isMine() && send(greeting),
        onText: (text) => isMine() && hear(text),
        onClose: (code) => {
          if (!isMine()) return
          // It is closed already.
          socket = undefined
          if (code === movedCode) loseAndHurry()
          else lose()
        },
      })
    } catch (error) {
      if (isMine()) end(toFailure(error))
    }
  }

  function send(frame: object) {
    try {
      socket?.send(JSON.stringify(frame))
    } catch {
      lose()
    }
  }

  function hear(text: string) {
    heardAt = timers.now()
    endProbe()
    const decoded = decodePush(text)
    // A type that this client does not know, or a shape: the server is newer, and may be.
    if (!decoded.ok) return

    const frame = decoded.value as Heard
    if (frame.type === 'ping') send({ type: 'pong' })
    else if (frame.type === 'welcome') beOnline(decoded.value as Welcome)
    else if (frame.type === 'ok' || frame.type === 'failed') settle(frame)
    else if (frame.type === 'bye') end(frame)
    else if (frame.type === 'drain') {
      earliestAt = timers.now() + frame.retryInMs
      waitFor(frame.retryInMs)
    } else if (state.kind === 'online') pushes.emit(decoded.value as Push)
  }

  function beOnline(welcome: Welcome) {
    if (state.kind !== 'online') {
      onlineAt = timers.now()
      cancelTimer()
      cancelTimer = timers.after(heartbeat.deadAfterMs, checkPulse)
      state = { kind: 'online' }
      states.emit(state)
    }
    if (state.kind === 'online') welcomes.emit(welcome)
  }

  function checkPulse() {
    const left = heardAt + heartbeat.deadAfterMs - timers.now()
    if (left > 0) cancelTimer = timers.after(left, checkPulse)
    else lose()
  }

  function settle(answer: Answer) {
    const asked = pending.get(answer.ref)
    if (!asked) return
    pending.delete(answer.ref)
    asked.cancelTimer()
    if (answer.type === 'ok') asked.resolve(answer.result)
    else asked.reject(toRequestError(answer))
  }

  function probe() {
    cancelProbe = timers.after(heartbeat.probeMs, loseAndHurry)
    send({ type: 'ping', ref: nextRef() })
  }

  function endProbe() {
    cancelProbe?.()
    cancelProbe = undefined
  }

  function nextRef() {
    return (++refs).toString(36)
  }

  return {
    get state() {
      return state
    },
    start() {
      if (state.kind === 'idle' || state.kind === 'refused') attempt()
    },
    stop() {
      if (state.kind !== 'idle') enter({ kind: 'idle' })
    },
    wake() {
      const now = timers.now()
      if (state.kind === 'waiting') hurry()
      // Begun before the network came back, it may hang for long.
      else if (state.kind === 'connecting' && now - attemptedAt > heartbeat.probeMs) loseAndHurry()
      else if (state.kind === 'online' && !cancelProbe) {
        if (now - heardAt >= heartbeat.deadAfterMs) loseAndHurry()
        else if (now - heardAt > freshForMs) probe()
      }
    },
    request<Result>(command: { type: string; [field: string]: unknown }) {
      return new Promise<Result>((resolve, reject) => {
        if (state.kind !== 'online') return reject(disconnected())
        if (pending.size >= maxPending) return reject(tooMany())

        const ref = nextRef()
        pending.set(ref, {
          resolve: (result) => resolve(result as Result),
          reject,
          cancelTimer: timers.after(answerWithinMs, lose),
        })
        send({ ...command, ref })
      })
    },
    onState: states.on,
    onWelcome: welcomes.on,
    onPush: pushes.on,
  }
}

/** The frames that the connection itself understands; the shapes are vouched for by the decoder. */
type Heard =
  | Answer
  | { type: 'welcome' | 'ping' }
  | { type: 'drain'; retryInMs: number }
  | { type: 'bye'; code: string; message: string; retryAfterMs?: number | undefined }
  | { type: 'other' }

function disconnected() {
  return toRequestError({
    code: 'disconnected',
    message: 'The connection was lost before the answer.',
    isRetryable: true,
  })
}

function tooMany() {
  return toRequestError({
    code: 'too-fast',
    message: 'Too many requests wait for an answer.',
    isRetryable: true,
    retryAfterMs: 1_000,
  })
}

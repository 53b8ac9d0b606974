import * as v from 'valibot'

import { makeDecoder } from '../../shared/protocol/codec.ts'
import {
  agentCommandSchemas,
  agentHelloSchema,
  pongSchema,
  visitorCommandSchemas,
  visitorHelloSchema,
} from '../../shared/protocol/commands.ts'
import type { AgentCommand, VisitorCommand } from '../../shared/protocol/commands.ts'
import { closeCodes } from '../../shared/protocol/errors.ts'
import { AppError } from '../errors.ts'
import { StoreFailure, StoreUnavailable } from '../store/store.ts'
import { runAgentCommand } from './agent-commands.ts'
import type { Connection } from './connection.ts'
import type { RealtimeDeps } from './deps.ts'
import { greetAgent, greetVisitor } from './hello.ts'
import { runVisitorCommand } from './visitor-commands.ts'

const decodeVisitor = makeDecoder({ ...visitorCommandSchemas, pong: pongSchema })
const decodeAgent = makeDecoder({ ...agentCommandSchemas, pong: pongSchema })
const decodeVisitorHello = makeDecoder({ hello: visitorHelloSchema })
const decodeAgentHello = makeDecoder({ hello: agentHelloSchema })

/** This many frames that make no sense, and the connection is not worth keeping. */
const maxNonsense = 20

export interface SessionOptions {
  deps: RealtimeDeps
  connection: Connection
  origin: string | undefined
  browser: string | null
  isDraining: () => boolean
}

/** What is said on one connection: first a hello, then commands, each answered by `ok` or `failed`. */
export function createSession({ deps, connection, origin, browser, isDraining }: SessionOptions) {
  const { context } = deps
  let isGreeting = false
  let nonsense = 0

  function onText(text: string) {
    // Said goodbye to already: a peer that goes on talking until the socket is gone is not heard.
    if (connection.isClosed) return
    if (!connection.hear(context.now())) {
      connection.bye('too-fast', 'Too many frames.', closeCodes.tooFast, 5_000)
      return
    }
    if (connection.caller) onCommand(text)
    else if (isGreeting) {
      connection.bye('hello-expected', 'Wait for the welcome.', closeCodes.badFrame)
    } else {
      isGreeting = true
      void greet(text)
    }
  }

  async function greet(text: string) {
    try {
      if (isDraining()) {
        throw new AppError('draining', 'This server is about to stop.', { retryAfterMs: 1_000 })
      }
      if (connection.kind === 'visitor') {
        const hello = unwrapHello(decodeVisitorHello(text))
        await greetVisitor(deps, connection, hello, { origin, browser })
      } else {
        await greetAgent(deps, connection, unwrapHello(decodeAgentHello(text)))
      }
    } catch (error) {
      const known = toAppError(error)
      if (known.code === 'internal') context.log.error({ err: error }, 'a hello failed')
      connection.byeWith(known, closeCodeOf(known))
    }
  }

  function onCommand(text: string) {
    const decoded = connection.kind === 'visitor' ? decodeVisitor(text) : decodeAgent(text)
    if (!decoded.ok) {
      refuse(decoded)
      return
    }
    if (decoded.value.type === 'pong') return
    const command = decoded.value
    const retryAfterMs = waitOf(context.now())
    if (retryAfterMs > 0) {
      fail(command.ref, new AppError('too-fast', 'Too many at once.', { retryAfterMs }))
      return
    }
    if (isDraining() && command.type !== 'ping') {
      fail(
        command.ref,
        new AppError('draining', 'This server is about to stop.', { retryAfterMs: 1_000 }),
      )
      return
    }
    connection.inFlight += 1
    run(command)
      .then(
        (result) => connection.sendJson({ type: 'ok', ref: command.ref, result }),
        (error: unknown) => {
          const known = toAppError(error)
          if (known.code === 'internal') {
            context.log.error({ err: error, command: command.type }, 'a command failed')
          }
          fail(command.ref, known)
        },
      )
      .finally(() => {
        connection.inFlight -= 1
      })
  }

  /** Milliseconds until one more command may be carried out; 0 for now. */
  function waitOf(now: number) {
    const { caller } = connection
    const turn = connection.take(now)
    if (!turn.ok) return turn.retryAfterMs
    return caller?.kind === 'visitor' ? deps.limits.takeCommand(caller.tokenHash, now) : 0
  }

  async function run(command: VisitorCommand | AgentCommand) {
    const { caller } = connection
    if (caller?.kind === 'visitor') {
      return runVisitorCommand(deps, connection, caller, command as VisitorCommand)
    }
    if (caller?.kind === 'agent') {
      return runAgentCommand(deps, connection, caller, command as AgentCommand)
    }
    throw new AppError('hello-expected', 'Say hello first.')
  }

  function refuse(decoded: Extract<ReturnType<typeof decodeVisitor>, { ok: false }>) {
    nonsense += 1
    const code = decoded.code === 'unknown' ? 'unknown-command' : decoded.code
    if (decoded.ref !== undefined) fail(decoded.ref, new AppError(code, decoded.detail))
    if (nonsense > maxNonsense || decoded.ref === undefined) {
      connection.bye(code, decoded.detail, closeCodes.badFrame)
    }
  }

  function fail(ref: string, error: AppError) {
    const { retryAfterMs, holder } = error.extra
    connection.sendJson({
      type: 'failed',
      ref,
      code: error.code,
      message: error.message,
      isRetryable: error.isRetryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(holder === undefined ? {} : { holder }),
    })
  }

  return { onText }
}

function unwrapHello<Value>(
  decoded: { ok: true; value: Value } | { ok: false; code: string; detail: string },
): Value {
  if (decoded.ok) return decoded.value
  throw decoded.code === 'unknown'
    ? new AppError('hello-expected', 'The first frame must be a hello.')
    : new AppError('bad-frame', decoded.detail)
}

/** What a caller is told of an error: its own code, or nothing but that it was not their fault. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof StoreUnavailable) {
    return new AppError('unavailable', 'Nothing can be stored right now.', { retryAfterMs: 2_000 })
  }
  if (error instanceof StoreFailure) {
    return new AppError('unavailable', 'The server is restarting.', { retryAfterMs: 2_000 })
  }
  if (v.isValiError(error)) return new AppError('bad-request', 'The input is not valid.')
  return new AppError('internal', 'Something went wrong.')
}

function closeCodeOf({ code }: AppError) {
  switch (code) {
    case 'signed-out':
    case 'token-revoked':
      return closeCodes.signedOut
    case 'version-not-served':
      return closeCodes.versionNotServed
    case 'too-fast':
      return closeCodes.tooFast
    case 'draining':
      return closeCodes.draining
    case 'bad-frame':
    case 'hello-expected':
    case 'text-too-long':
      return closeCodes.badFrame
    case 'internal':
    case 'unavailable':
      return closeCodes.internal
    default:
      return closeCodes.notAllowed
  }
}

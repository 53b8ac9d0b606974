import cookie from '@fastify/cookie'
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
} from 'fastify'
import { nanoid } from 'nanoid'
import type { Logger } from 'pino'

import { limits } from '../shared/protocol/limits.ts'
import { ensureDefaultDepartment } from './actions/people.ts'
import { forgetOtherNodes } from './actions/presence.ts'
import type { Assets } from './assets.ts'
import { createMemoryBus } from './bus/memory-bus.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { AppError } from './errors.ts'
import { accountRoutes } from './http/account-routes.ts'
import { answerBadAddress, answerNonsense } from './http/answer-nonsense.ts'
import { cookieNameFor } from './http/cookies.ts'
import { healthRoutes } from './http/health-routes.ts'
import { registerRoutes } from './http/register-routes.ts'
import { addSecurityHeaders, securityHeaders } from './http/security-headers.ts'
import { staticRoutes } from './http/static-routes.ts'
import { widgetRoutes } from './http/widget-routes.ts'
import { workspaceRoutes } from './http/workspace-routes.ts'
import { startHousekeeping } from './jobs/housekeeping.ts'
import { startRouter } from './jobs/router.ts'
import { createRealtime } from './realtime/realtime.ts'
import { toAppError } from './realtime/session.ts'
import { SignInGuard } from './rules/sign-in-guard.ts'
import type { Store } from './store/store.ts'

/** Within this time a request has arrived, with its body. */
const requestMs = 15_000

export interface AppParts {
  config: Config
  store: Store
  assets: Assets
  log: Logger
  /** Tests hold the time. */
  now?: () => number
}

/** Joins the parts: the only place that knows all of them. Nothing listens yet. */
export async function buildApp({ config, store, assets, log, now = Date.now }: AppParts) {
  const bus = createMemoryBus((error) => log.error({ err: error }, 'a listener failed'))
  const context = createContext({ config, store, log, now, bus })
  await ensureDefaultDepartment(context)
  await forgetOtherNodes(context)

  const loggerInstance: FastifyBaseLogger = log
  const headers = securityHeaders(config)
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: limits.frameBytes,
    genReqId: () => nanoid(12),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    // Who sends a request letter by letter keeps a socket, not more than this long.
    requestTimeout: requestMs,
    http: { connectionsCheckingInterval: 5_000, headersTimeout: requestMs },
    clientErrorHandler: answerNonsense,
    frameworkErrors: (_error, { id }, { raw }) => answerBadAddress(raw, id, headers),
  })
  const cookieName = cookieNameFor(config.isSecure)
  addSecurityHeaders(app, headers)
  app.removeContentTypeParser('text/plain')
  answerErrors(app, log)
  await app.register(cookie)

  const realtime = await createRealtime(context)
  await realtime.register(app)

  const routes = [
    ...accountRoutes({ context, guard: new SignInGuard(), cookieName, isSecure: config.isSecure }),
    ...workspaceRoutes(context),
  ]
  registerRoutes(app, routes, { context, cookieName })
  widgetRoutes(app, { context, realtime, assets })
  const counts = healthRoutes(app, { context, realtime })
  await staticRoutes(app, { assets, publicUrl: config.publicUrl })

  const router = startRouter(context)
  const housekeeping = startHousekeeping(context, { onLimbo: counts.limboFound })

  return {
    app,
    context,
    realtime,
    routes,
    /** New work is refused, clients are told to come back, what is under way is finished. */
    async drain() {
      router.stop()
      housekeeping.stop()
      await realtime.drain(config.drainMs)
    },
    async close() {
      router.stop()
      housekeeping.stop()
      realtime.stop()
      await app.close()
      await store.close()
    },
  }
}
export type App = Awaited<ReturnType<typeof buildApp>>

interface ContextParts {
  config: Pick<Config, 'publicUrl' | 'offerMs' | 'graceMs'>
  store: Store
  log: Logger
  now: () => number
  bus: Context['bus']
}

export function createContext({ config, store, log, now, bus }: ContextParts): Context {
  return {
    store,
    bus,
    now,
    newId: () => nanoid(),
    log,
    nodeId: nanoid(),
    publicUrl: config.publicUrl,
    offerMs: config.offerMs,
    graceMs: config.graceMs,
  }
}

/** Every error leaves as a code, a sentence and the request's id; never as what happened inside. */
function answerErrors(app: FastifyInstance, log: Logger) {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toAppError(translate(error))
    if (known.code === 'internal')
      log.error({ err: error, requestId: request.id }, 'a request failed')
    const { retryAfterMs, field } = known.extra
    if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000))
    return reply
      .code(known.status)
      .header('cache-control', 'no-store')
      .send({
        error: {
          code: known.code,
          message: known.message,
          requestId: request.id,
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          ...(field === undefined ? {} : { field }),
        },
      })
  })
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .header('cache-control', 'no-store')
      .send({
        error: { code: 'not-found', message: 'There is nothing here.', requestId: request.id },
      }),
  )
}

/** Fastify's own refusals, in our words. */
function translate(error: FastifyError) {
  if (error instanceof AppError || error.statusCode === undefined || error.statusCode >= 500) {
    return error
  }
  if (error.statusCode === 413) return new AppError('frame-too-large', 'The body is too large.')
  if (error.statusCode === 415) return new AppError('bad-request', 'The body must be JSON.')
  if (error.statusCode === 404) return new AppError('not-found', 'There is nothing here.')
  return new AppError('bad-request', 'The request is not valid.')
}

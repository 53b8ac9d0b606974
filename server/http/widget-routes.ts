import type { FastifyInstance, FastifyReply } from 'fastify'
import * as v from 'valibot'

import { visitorTokenSchema } from '../../shared/protocol/primitives.ts'
import { noteSighting } from '../actions/sites.ts'
import type { Assets } from '../assets.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { KnownSite } from '../realtime/directory.ts'
import type { Realtime } from '../realtime/realtime.ts'
import { addressKey } from '../rules/address.ts'
import { Tally } from '../rules/tally.ts'
import { TokenBuckets } from '../rules/token-bucket.ts'
import { hashToken } from '../secrets.ts'
import { chooseEncoding, createLoaderScripts } from './loader-scripts.ts'

interface Deps {
  context: Context
  realtime: Realtime
  assets: Assets
}

/** The loader may be a minute and a half old, and older while it is being asked for again. */
const loaderCache = 'public, max-age=90, stale-while-revalidate=86400'
const sightEveryMs = 5_000
/** Requests for unread counts, per address. */
const unreadRule = { burst: 300, perSecond: 20 }
/** Open answers at once, per address. */
const maxListeners = 200
/** Of one open answer, not yet taken by its reader. */
const maxUnsentBytes = 16 * 1024

/** What a customer's page asks for: the loader, and for who comes back how much is unread. */
export function widgetRoutes(app: FastifyInstance, { context, realtime, assets }: Deps) {
  const { directory } = realtime
  const scripts = createLoaderScripts({ assets, publicUrl: context.publicUrl })
  const sightedAt = new Map<string, number>()

  function see(site: KnownSite, referrer: string | undefined) {
    const origin = originOf(referrer)
    if (!origin) return
    const isAllowed = site.origins.has(origin)
    const key = `${site.id} ${isAllowed}`
    const now = context.now()
    if (now - (sightedAt.get(key) ?? 0) < sightEveryMs) return
    sightedAt.set(key, now)
    noteSighting(context, { siteId: site.id, origin, isAllowed }).catch((error: unknown) =>
      context.log.warn({ err: error }, 'noting where the tag was seen failed'),
    )
  }

  app.get('/w/:file', async (request, reply) => {
    const { file } = request.params as { file: string }
    const site = /^[a-z0-9]{4,32}\.js$/.test(file)
      ? await directory.findSite(file.slice(0, -3))
      : undefined
    reply.headers({
      'content-type': 'text/javascript; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
    })
    if (!site) {
      return reply
        .code(404)
        .header('cache-control', 'no-store')
        .send('console.warn("Parley: there is no site with this key. Copy the tag again.")\n')
    }
    see(site, request.headers.referer)
    const { etag, encoded } = await scripts.get(site)
    reply.headers({ 'cache-control': loaderCache, etag, vary: 'accept-encoding' })
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const encoding = chooseEncoding(request.headers['accept-encoding'])
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    return reply.send(encoded[encoding])
  })

  app.register(async (scope) => {
    // Text, so that the browser asks no permission first; the body is the visitor's token and nothing else.
    scope.addContentTypeParser(
      'text/plain',
      { parseAs: 'string', bodyLimit: 200 },
      (_r, body, done) => done(null, body),
    )
    const asked = new TokenBuckets(unreadRule)
    const listeners = new Tally(maxListeners)

    scope.post('/w/:key/unread', async (request, reply) => {
      const { key } = request.params as { key: string }
      const site = await directory.findSite(key)
      const { origin } = request.headers
      if (!site) throw new AppError('site-not-found', 'There is no site with this key.')
      if (origin === undefined || !site.origins.has(origin)) {
        throw new AppError('origin-not-allowed', "This page's origin is not on the site's list.")
      }
      reply.headers({
        'access-control-allow-origin': origin,
        vary: 'origin',
        'cache-control': 'no-store',
      })
      const address = addressKey(request.ip)
      const waitMs = asked.take(address, context.now())
      if (waitMs > 0) throw tooFast(waitMs)
      if (!v.is(visitorTokenSchema, request.body)) {
        throw new AppError('bad-request', 'The body must be a visitor token.')
      }
      const tokenHash = hashToken(request.body)
      const visitor = await context.store.hotRead.findVisitorByTokenHash(site.id, tokenHash)
      const visitorId = visitor?.token_revoked_at ? undefined : visitor?.id
      const first = await readUnread(visitorId)
      if (visitorId === undefined || !first.isOpen || realtime.isDraining) {
        return reply.type('application/x-ndjson').send(`${JSON.stringify(first)}\n`)
      }
      // Gone while it was looked up: nobody would ever take back what is set up now.
      if (reply.raw.destroyed) return reply
      if (!listeners.take(address)) throw tooFast(30_000)
      reply.raw.once('close', () => listeners.give(address))
      listen(reply, visitorId, first)
      return reply
    })
  })

  async function readUnread(visitorId: string | undefined) {
    if (visitorId === undefined) return { unread: 0, isOpen: false }
    const rows = await context.store.hotRead.listVisitorConversations(visitorId, 20)
    return {
      unread: rows.reduce((sum, row) => sum + row.visitor_unread, 0),
      isOpen: rows.some((row) => row.closed_at === null),
    }
  }

  /** Keeps the answer open and writes a line whenever the count changes, until the last conversation ends. */
  function listen(
    reply: FastifyReply,
    visitorId: string,
    first: { unread: number; isOpen: boolean },
  ) {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'application/x-ndjson',
      // Proxies that gather answers would keep the line for themselves.
      'x-accel-buffering': 'no',
    })
    let last = JSON.stringify(first)
    raw.write(`${last}\n`)
    function tell(line: string) {
      last = line
      if (raw.writableEnded) return
      // Who does not read a few bytes a minute is not there.
      if (raw.writableLength > maxUnsentBytes) raw.destroy()
      else raw.write(`${line}\n`)
    }
    const ids = new Set<string>()
    let isReading = false
    let isDirty = false

    async function look() {
      if (isReading) {
        isDirty = true
        return
      }
      isReading = true
      do {
        isDirty = false
        const next = await readUnread(visitorId)
        const line = JSON.stringify(next)
        if (line !== last) tell(line)
        if (!next.isOpen) raw.end()
      } while (isDirty && !raw.writableEnded)
      isReading = false
    }

    const unsubscribe = context.bus.subscribe((message) => {
      if (message.type !== 'conversation' || !ids.has(message.conversationId)) return
      look().catch(() => raw.destroy())
    })
    context.store.hotRead
      .listVisitorConversations(visitorId, 20)
      .then((rows) => rows.forEach((row) => ids.add(row.id)))
      .then(look)
      .catch(() => raw.destroy())
    // A line now and then, so that a dead link is noticed and no proxy gets bored.
    const pulse = setInterval(() => {
      if (realtime.isDraining) raw.end()
      else tell(last)
    }, 25_000)
    openAnswers.add(raw)
    raw.once('close', () => {
      openAnswers.delete(raw)
      clearInterval(pulse)
      unsubscribe()
    })
  }

  const openAnswers = new Set<FastifyReply['raw']>()
  app.addHook('preClose', async () => {
    for (const raw of openAnswers) raw.end()
  })
}

const tooFast = (retryAfterMs: number) =>
  new AppError('too-fast', 'Too many requests.', { retryAfterMs })

function originOf(referrer: string | undefined) {
  if (!referrer || !URL.canParse(referrer)) return undefined
  const { origin, protocol } = new URL(referrer)
  const isPage = protocol === 'http:' || protocol === 'https:'
  return isPage && origin.length <= 300 ? origin : undefined
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Assets } from '../assets.ts'
import { consolePolicy } from './security-headers.ts'

const forEver = 'public, max-age=31536000, immutable'

interface Deps {
  assets: Assets
  publicUrl: string
}

/** The built console and the widget's chunks. */
export async function staticRoutes(app: FastifyInstance, { assets, publicUrl }: Deps) {
  const policy = consolePolicy(publicUrl)

  await app.register(fastifyStatic, {
    root: join(assets.widgetDir, 'assets'),
    prefix: '/w/assets/',
    preCompressed: true,
    decorateReply: false,
    index: false,
    cacheControl: false,
    setHeaders(response) {
      response.setHeader('cache-control', forEver)
      // Module scripts of other origins need this, and they hold nothing of anybody.
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('cross-origin-resource-policy', 'cross-origin')
    },
  })
  await app.register(fastifyStatic, {
    root: join(assets.consoleDir, 'assets'),
    prefix: '/console/assets/',
    preCompressed: true,
    decorateReply: false,
    index: false,
    cacheControl: false,
    setHeaders(response) {
      response.setHeader('cache-control', forEver)
    },
  })

  app.get('/', async (_request, reply) => reply.redirect('/console/'))
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const elsewhere = otherName(request.hostname, publicUrl)
    if (elsewhere) return reply.redirect(elsewhere + request.url)
    const html = readFileSync(join(assets.consoleDir, 'index.html'), 'utf8')
    return reply
      .header('content-security-policy', policy)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html)
  }
  app.get('/console', page)
  app.get('/console/*', page)
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** On the operator's own machine, `127.0.0.1` and `localhost` are one place but two origins: lead to the configured one. */
function otherName(hostname: string, publicUrl: string) {
  const wanted = new URL(publicUrl)
  const isLocal = loopbackNames.has(hostname) && loopbackNames.has(wanted.hostname)
  return isLocal && hostname !== wanted.hostname ? wanted.origin : undefined
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import { fill, loadShop, type Page, type Shop } from './pages.ts'

export interface DemoOptions {
  port: number
  host: string
  /** The script tag of the demo's site; asked for at every page, because the site may be made later. */
  tag(): Promise<string | undefined> | string | undefined
  /** The chat server's origin, as a careful shop would name it in its policy. */
  cspHost: string
}

export interface Demo {
  close(): Promise<void>
}

/**
 * Serves the demo shop on an origin of its own, so that every demo is a real embedding.
 * Rejects as `listen` does, when the port is taken for example.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const shop = loadShop()
  const policy = toPolicy(options.cspHost)
  const server = createServer((request, response) => {
    answer(shop, policy, options, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  shop: Shop,
  policy: string,
  { tag }: DemoOptions,
  request: IncomingMessage,
  response: ServerResponse,
) {
  response.setHeader('content-security-policy', policy)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'strict-origin-when-cross-origin')
  // Asked again each time, yet kept: `no-store` would keep pages out of the browser's back and forward.
  response.setHeader('cache-control', 'no-cache')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const path = toPath(request.url ?? '/')
  const file = shop.files.get(path)
  const found = file ?? { type: 'text/html; charset=utf-8', body: '' }
  const page = shop.pages.get(path) ?? shop.missing
  const body = file ? file.body : toHtml(shop, page, await tag())
  response.writeHead(file ? 200 : page.status, {
    'content-type': found.type,
    'content-length': Buffer.byteLength(body),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function toHtml(shop: Shop, page: Page, tag: string | undefined) {
  return fill(shop.layout, {
    title: page.title.replaceAll('&', '&amp;'),
    main: page.main,
    chat: tag ?? '',
    ribbon: tag
      ? 'A demo shop: nothing is sold here. The chat in the corner is real.'
      : 'A demo shop: nothing is sold here. The chat appears in the corner once Parley is set up.',
  })
}

/** One address for each page: `/guide/` is `/guide`. */
function toPath(url: string) {
  const path = url.split(/[?#]/, 1)[0] ?? '/'
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path
}

/**
 * What a careful shop allows: itself, the chat by name, nothing inline, Trusted Types.
 * `http://…` does not cover sockets in a policy, so they are named as well.
 */
function toPolicy(chat: string) {
  const sockets = chat.replace(/^http/, 'ws')
  return [
    `default-src 'none'`,
    `script-src 'self' ${chat}`,
    `style-src 'self'`,
    `img-src 'self' ${chat}`,
    `connect-src ${chat} ${sockets}`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ')
}

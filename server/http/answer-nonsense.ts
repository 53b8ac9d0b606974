import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const statuses: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/**
 * Ends a connection on which no HTTP was spoken. Nothing of what came is repeated or logged: the packet may hold
 * somebody's cookie.
 */
export function answerNonsense(error: Error & { code?: string }, socket: Socket) {
  if (socket.destroyed || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = statuses[error.code ?? ''] ?? '400 Bad Request'
  const body = JSON.stringify({
    error: { code: 'bad-request', message: 'This is not a request that makes sense.' },
  })
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

/** Refuses an address that can't be read, such as `/%zz`, in our words: Fastify would repeat it. */
export function answerBadAddress(
  response: ServerResponse,
  requestId: string,
  headers: Record<string, string>,
) {
  const error = { code: 'bad-request', message: 'The address is not valid.', requestId }
  response.writeHead(400, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify({ error }))
}

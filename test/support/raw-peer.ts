import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** First bytes of frames (RFC 6455), with the bit that says that the message ends here. */
export const opcodes = { rest: 0x80, text: 0x81, binary: 0x82, close: 0x88, ping: 0x89, pong: 0x8a }

/** A frame as a client sends it; masked with zeros, which servers must accept. */
export function toFrame(first: number, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload)
  const head =
    body.length < 126
      ? Buffer.from([first, 0x80 | body.length])
      : Buffer.from([first, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 0])
  if (body.length >= 126) head.writeUInt32BE(body.length, 6)
  return Buffer.concat([head, Buffer.alloc(4), body])
}

/** A peer without manners: it says what it likes, answers no close and no ping, and reads only when told. */
export async function openRawPeer(url: string, headers: Record<string, string> = {}) {
  const { hostname, port, pathname } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  let received = ''
  let isOver = false
  const waiting = new Set<() => void>()
  const look = () => waiting.forEach((call) => call())
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    look()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isOver = true
    look()
  })

  const until = (fits: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`Nothing of the kind came: ${received.slice(-400)}`))
      }, 10_000)
      function check() {
        if (!fits()) return
        clearTimeout(timer)
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })

  const lines = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await until(() => isOver || received.includes('\r\n\r\n'))

  return {
    socket,
    /** All that came, with the frames' few bytes of head between the texts. */
    received: () => received,
    send: (bytes: Buffer) => socket.write(bytes),
    say: (frame: object) => socket.write(toFrame(opcodes.text, JSON.stringify(frame))),
    /** Waits until these words came. */
    hears: (words: string) => until(() => received.includes(words)),
    /** Waits until the connection itself is gone. */
    ends: () => until(() => isOver),
    get isOver() {
      return isOver
    },
  }
}

import { connect, type Socket } from 'node:net'

export interface RawSocketOptions {
  port: number
  path: string
  origin: string
  /** Loopback has many addresses: limits per address are not what is measured. */
  localAddress?: string
  onOpen(): void
  onText(text: string): void
  onClose(): void
}

export interface RawSocket {
  send(text: string): void
  close(): void
}

/**
 * A WebSocket client that does next to nothing, so that the load generator is not what is measured:
 * a prepared handshake, frames masked with zeros, no checks.
 */
export function openRawSocket(options: RawSocketOptions): RawSocket {
  const { port, path, origin, localAddress, onOpen, onText, onClose } = options
  const socket: Socket = connect({
    port,
    host: '127.0.0.1',
    ...(localAddress === undefined ? {} : { localAddress }),
  })
  socket.setNoDelay(true)
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\n` +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )

  let held: Buffer | undefined
  let isOpen = false
  socket.on('data', (chunk: Buffer) => {
    let bytes = held ? Buffer.concat([held, chunk]) : chunk
    held = undefined
    if (!isOpen) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) {
        held = bytes
        return
      }
      isOpen = true
      bytes = bytes.subarray(end + 4)
      onOpen()
    }
    while (bytes.length > 0) {
      const frame = readFrame(bytes)
      if (!frame) {
        held = bytes
        return
      }
      bytes = bytes.subarray(frame.end)
      if (frame.opcode === 1) {
        if (!isList(frame.payload)) onText(frame.payload.toString())
      } else if (frame.opcode === 8) socket.destroy()
    }
  })
  socket.on('error', () => undefined)
  socket.on('close', onClose)

  return {
    send: (text) => void socket.write(toFrame(text)),
    close: () => socket.destroy(),
  }
}

const listStart = Buffer.from('{"type":"rows"')

/** Lists for the eyes of agents, each on a machine of their own: here a dozen would be read on one. */
function isList(payload: Buffer) {
  return payload.subarray(0, listStart.length).equals(listStart)
}

function readFrame(bytes: Buffer) {
  if (bytes.length < 2) return undefined
  const opcode = bytes.readUInt8(0) & 0x0f
  const short = bytes.readUInt8(1) & 0x7f
  const head = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < head) return undefined
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const end = head + length
  return bytes.length < end ? undefined : { opcode, end, payload: bytes.subarray(head, end) }
}

function toFrame(text: string) {
  const length = Buffer.byteLength(text)
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(head + 4 + length)
  frame[0] = 0x81
  frame[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127)
  if (head === 4) frame.writeUInt16BE(length, 2)
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.writeUInt32BE(0, head)
  frame.write(text, head + 4)
  return frame
}

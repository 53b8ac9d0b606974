import { WebSocket } from 'ws'

import type { OpenSocket, SocketLike } from '../../shared/connection/types.ts'

/** Sees every frame of every link of one client, both ways, whatever the client makes of it. */
export interface WireTap {
  onSend(frame: Record<string, unknown>): void
  /** `link` tells the links of one client apart: a former one may still speak when the next is open. */
  onHear(frame: Record<string, unknown>, link: number): void
  onClose(link: number): void
}

export interface Wire {
  open: OpenSocket
  /** The network goes: without a farewell, and new links fail until `restore`. */
  lose(): void
  restore(): void
  readonly isLost: boolean
}

/** Links over `ws`, as the shared connection wants them. */
export function createWire(url: string, origin: string, tap?: WireTap): Wire {
  const open = new Set<WebSocket>()
  let isLost = false
  let links = 0

  return {
    get isLost() {
      return isLost
    },
    lose() {
      isLost = true
      for (const socket of open) socket.terminate()
    },
    restore() {
      isLost = false
    },
    open(events): SocketLike {
      const socket = new WebSocket(url, {
        headers: { origin },
        perMessageDeflate: false,
        handshakeTimeout: 10_000,
      })
      open.add(socket)
      const link = (links += 1)
      if (isLost) setImmediate(() => socket.terminate())
      socket.on('open', () => events.onOpen())
      socket.on('message', (bytes: Buffer) => {
        const text = bytes.toString()
        tap?.onHear(toFrame(text), link)
        events.onText(text)
      })
      // `close` follows every error, and tells all that matters.
      socket.on('error', () => undefined)
      socket.on('close', (code, reason) => {
        open.delete(socket)
        tap?.onClose(link)
        events.onClose(code, reason.toString())
      })
      return {
        send(text) {
          tap?.onSend(toFrame(text))
          socket.send(text, () => undefined)
        },
        close(code, reason) {
          socket.close(code, reason)
          // A closing handshake that is not answered would keep the process alive.
          setTimeout(() => socket.terminate(), 1_000).unref()
        },
      }
    },
  }
}

function toFrame(text: string): Record<string, unknown> {
  const frame: unknown = JSON.parse(text)
  return typeof frame === 'object' && frame !== null ? { ...frame } : {}
}

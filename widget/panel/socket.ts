import type { OpenSocket } from '../../shared/connection/types.ts'

/** Real sockets to one address. The token is not in it: it travels in the first frame. */
export function openWebSocketTo(address: string): OpenSocket {
  return ({ onOpen, onText, onClose }) => {
    const socket = new WebSocket(address)
    socket.onopen = onOpen
    socket.onmessage = ({ data }) => onText(String(data))
    socket.onclose = ({ code, reason }) => onClose(code, reason)
    return {
      send: (text) => socket.send(text),
      // Browsers allow 1000 and 3000–4999 only.
      close: (code = 1000, reason) => socket.close(code, reason),
    }
  }
}

/** `https://chat.example.com/base` as the address of the visitors' socket. */
export const toSocketAddress = (url: string) => `${url.replace(/^http/, 'ws')}/ws/visitor`

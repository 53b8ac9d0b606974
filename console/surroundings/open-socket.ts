import type { OpenSocket } from '../../shared/connection/types.ts'

/** A WebSocket to this server, as the shared connection wants it. */
export function socketTo(path: string): OpenSocket {
  return (events) => {
    const address = new URL(path, location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address)
    socket.onopen = () => events.onOpen()
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') events.onText(data)
    }
    socket.onclose = ({ code, reason }) => events.onClose(code, reason)
    return {
      send(text) {
        if (socket.readyState === WebSocket.OPEN) socket.send(text)
      },
      close: (code, reason) => socket.close(code, reason),
    }
  }
}

import type { OpenSocket, SocketEvents } from '../../shared/connection/types.ts'

export interface TestLink {
  readonly sent: { type: string; ref?: string; [field: string]: unknown }[]
  isClosed: boolean
  open(): void
  receive(frame: object): void
  receiveText(text: string): void
  /** The other side, or the network, ends it. */
  drop(code?: number): void
}

/** Sockets of which the test plays the other end. */
export function createTestWire() {
  const links: TestLink[] = []

  const openSocket: OpenSocket = (events: SocketEvents) => {
    const link: TestLink = {
      sent: [],
      isClosed: false,
      open: () => events.onOpen(),
      receive: (frame) => events.onText(JSON.stringify(frame)),
      receiveText: (text) => events.onText(text),
      drop(code = 1006) {
        link.isClosed = true
        events.onClose(code, '')
      },
    }
    links.push(link)
    return {
      send: (text) => void link.sent.push(JSON.parse(text)),
      close: () => void (link.isClosed = true),
    }
  }

  return {
    openSocket,
    links,
    /** The newest link. */
    get link() {
      const link = links.at(-1)
      if (!link) throw new Error('No socket was opened.')
      return link
    },
  }
}

import { openRawSocket, type RawSocketOptions } from './raw-socket.ts'

/** One end of a conversation in the load generator. */
export interface Peer {
  /** Sends a command; the call gets its answer. */
  ask(command: object, onAnswer: (result: unknown) => void): void
  /** `ask` as a promise, for where it is not measured. */
  get<Result>(command: object): Promise<Result>
  onEvent: (event: { clientId?: string; seq: number }) => void
  close(): void
}

interface Frame {
  type: string
  ref: string
  code: string
  message: string
  result: unknown
  event: { clientId?: string; seq: number }
}

export interface PeerOptions extends Pick<RawSocketOptions, 'port' | 'path' | 'origin'> {
  localAddress?: string
  /** The first frame; without one the peer is ready as soon as the socket is open. */
  hello?: object
}

/** Connects, says hello and resolves when it was welcomed. */
export function openPeer({ hello, ...options }: PeerOptions): Promise<Peer> {
  return new Promise((resolve, reject) => {
    const pending = new Map<string, (result: unknown) => void>()
    let refs = 0
    const peer: Peer = {
      ask(command, onAnswer) {
        const ref = `r${(refs += 1)}`
        pending.set(ref, onAnswer)
        socket.send(JSON.stringify({ ...command, ref }))
      },
      get: (command) =>
        new Promise((settle) => peer.ask(command, (result) => settle(result as never))),
      onEvent: () => undefined,
      close: () => socket.close(),
    }
    const socket = openRawSocket({
      ...options,
      onOpen() {
        if (hello) socket.send(JSON.stringify(hello))
        else resolve(peer)
      },
      onText(text) {
        const frame = JSON.parse(text) as Frame
        if (frame.type === 'ok') {
          const settle = pending.get(frame.ref)
          pending.delete(frame.ref)
          settle?.(frame.result)
        } else if (frame.type === 'event') peer.onEvent(frame.event)
        else if (frame.type === 'welcome') resolve(peer)
        else if (frame.type === 'ping') socket.send('{"type":"pong"}')
        else if (frame.type === 'failed' || frame.type === 'bye') {
          reject(new Error(`${frame.code}: ${frame.message}`))
          // After the welcome nobody listens to the promise: a refused command spoils the measurement.
          if (frame.type === 'failed') throw new Error(`refused: ${text}`)
        }
      },
      onClose: () => reject(new Error('closed before the welcome')),
    })
  })
}

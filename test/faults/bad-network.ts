import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

import { createFrameSplitter } from './frame-splitter.ts'

/** `up` runs from the client to the server, `down` from the server to the client. */
export type Way = 'up' | 'down'

/** One connection through the bad network. */
export interface BadLink {
  readonly id: number
  readonly openedAt: number
  /** Which ends have closed of themselves. */
  readonly closedBy: ReadonlySet<'client' | 'server'>
  /** Both ends learn at once that it is over. */
  cut(): void
}

export interface BadNetwork {
  readonly port: number
  readonly links: readonly BadLink[]
  /** Drops what comes from now on and tells nobody: a half-open link. */
  swallow(...ways: Way[]): void
  /** Keeps what comes from now on, until `release`. */
  hold(...ways: Way[]): void
  /** Lets what was held pass, in order, and ends all of the above. */
  release(): void
  /** Passes each whole frame this many times; the first of a connection (`hello`, `welcome`) only once. */
  repeat(way: Way, times: number): void
  /** Takes no bytes off the server any more: its buffers fill up. */
  stall(): void
  cutAll(): void
  /** New connections are refused (cut at once) while this is on. */
  refuse(isRefusing: boolean): void
  close(): Promise<void>
}

type Mode = 'pass' | 'swallow' | 'hold'

/** A TCP proxy that does to connections what networks do. Listens on a port of its own. */
export async function openBadNetwork(targetPort: number): Promise<BadNetwork> {
  const mode: Record<Way, Mode> = { up: 'pass', down: 'pass' }
  const times: Record<Way, number> = { up: 1, down: 1 }
  const links = new Set<ReturnType<typeof join>>()
  let isRefusing = false
  let count = 0

  function join(client: Socket) {
    const server = connect(targetPort, '127.0.0.1')
    const ends = { client, server }
    const closedBy = new Set<'client' | 'server'>()
    const held: { to: Socket; piece: Buffer }[] = []
    let isOver = false

    const end = () => {
      isOver = true
      client.destroy()
      server.destroy()
    }
    const carry = (way: Way, from: 'client' | 'server', to: Socket) => {
      let frames = 0
      const pass = createFrameSplitter((piece, isFrame) => {
        if (isFrame) frames += 1
        if (mode[way] === 'swallow') return
        const copies = frames > 1 ? times[way] : 1
        for (let copy = 0; copy < copies; copy++) {
          if (mode[way] === 'hold') held.push({ to, piece })
          else to.write(piece)
        }
      })
      ends[from].on('data', pass)
      // An end that resets is an end that closes.
      ends[from].on('error', () => undefined)
      ends[from].on('close', () => {
        if (!isOver) closedBy.add(from)
        // On a half-open link the other end must not learn of it.
        if (mode[way] === 'pass') end()
      })
      ends[from].setNoDelay(true)
    }
    carry('up', 'client', server)
    carry('down', 'server', client)

    const release = () => {
      for (const { to, piece } of held.splice(0)) to.write(piece)
      if (client.destroyed || server.destroyed) end()
    }
    const link = { id: (count += 1), openedAt: Date.now(), closedBy, cut: end, release, server }
    return link
  }

  const listener = createServer((client) => {
    if (isRefusing) {
      client.destroy()
      return
    }
    links.add(join(client))
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))

  const set = (ways: Way[], value: Mode) => {
    for (const way of ways) mode[way] = value
  }
  return {
    port: (listener.address() as AddressInfo).port,
    get links() {
      return [...links]
    },
    swallow: (...ways) => set(ways, 'swallow'),
    hold: (...ways) => set(ways, 'hold'),
    release() {
      set(['up', 'down'], 'pass')
      times.up = times.down = 1
      for (const link of links) {
        link.server.resume()
        link.release()
      }
    },
    repeat(way, count) {
      times[way] = count
    },
    stall() {
      for (const link of links) link.server.pause()
    },
    cutAll() {
      for (const link of links) link.cut()
      links.clear()
    },
    refuse(value) {
      isRefusing = value
    },
    async close() {
      for (const link of links) link.cut()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

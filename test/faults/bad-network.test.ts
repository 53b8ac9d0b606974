import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

import { openBadNetwork, type BadNetwork } from './bad-network.ts'
import { createFrameSplitter } from './frame-splitter.ts'

const open: { close(): unknown }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** An echo server behind a bad network, and one client that is connected through it. */
async function openEcho() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  open.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  server.on('connection', (socket) => socket.on('message', (text) => socket.send(String(text))))
  const network: BadNetwork = await openBadNetwork((server.address() as { port: number }).port)
  open.push(network)

  const client = new WebSocket(`ws://127.0.0.1:${network.port}`)
  open.push({ close: () => client.terminate() })
  const inbox: string[] = []
  const waiters: (() => void)[] = []
  client.on('message', (text) => {
    inbox.push(String(text))
    for (const wake of waiters.splice(0)) wake()
  })
  await new Promise((resolve) => client.once('open', resolve))
  const received = async (count: number) => {
    while (inbox.length < count) await new Promise<void>((resolve) => waiters.push(resolve))
    return inbox
  }
  return { server, network, client, received }
}

test('frames of every length come out whole, however the bytes are cut', () => {
  const lengths = fc.array(fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536), { maxLength: 4 })
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 5_000 }), (sizes, step) => {
      const head = Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      const pieces = [head, ...sizes.map(toFrame)]
      const bytes = Buffer.concat(pieces)
      const out: Buffer[] = []
      const push = createFrameSplitter((piece) => out.push(Buffer.from(piece)))
      for (let at = 0; at < bytes.length; at += step) push(bytes.subarray(at, at + step))
      expect(out.map((piece) => piece.length)).toEqual(pieces.map((piece) => piece.length))
      expect(Buffer.concat(out).equals(bytes)).toBe(true)
    }),
    { numRuns: 30 },
  )
})

function toFrame(length: number) {
  const mask = Buffer.from([1, 2, 3, 4])
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = 0x82
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, mask, Buffer.alloc(length, 7)])
}

test('it passes frames, holds them back, and lets them go in order', async () => {
  const { network, client, received } = await openEcho()
  client.send('1')
  expect(await received(1)).toEqual(['1'])
  network.hold('down')
  client.send('2')
  client.send('3')
  network.release()
  expect(await received(3)).toEqual(['1', '2', '3'])
})

test('it repeats frames, but not the first of a connection', async () => {
  const { network, client, received } = await openEcho()
  network.repeat('up', 2)
  client.send('hello')
  client.send('again')
  expect(await received(3)).toEqual(['hello', 'again', 'again'])
})

test('it cuts a link, and both ends learn of it', async () => {
  const { server, network, client } = await openEcho()
  const [socket] = server.clients
  const ends = Promise.all([
    new Promise((resolve) => client.once('close', resolve)),
    new Promise((resolve) => socket!.once('close', resolve)),
  ])
  network.cutAll()
  await ends
})

test('on a swallowed link neither end learns that the other is gone', async () => {
  const { server, network, client } = await openEcho()
  network.swallow('up', 'down')
  const [socket] = server.clients
  const [link] = network.links
  client.terminate()
  // The proxy has seen the client go; the server must still believe in it.
  while (!link!.closedBy.has('client')) await new Promise((resolve) => setImmediate(resolve))
  expect(socket!.readyState).toBe(WebSocket.OPEN)
  network.release()
  await new Promise((resolve) => socket!.once('close', resolve))
})

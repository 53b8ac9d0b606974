import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import Database from 'better-sqlite3'
import { WebSocketServer, type WebSocket } from 'ws'

/*
 * The floors. What any program of this kind must at least do with `ws` and JSON on this machine: take a message,
 * give it a number, answer its sender, hand it to the others. With a file as second argument it is also durable:
 * one insert each, one commit with fsync a turn. Nothing is checked, looked up or kept apart.
 */

interface Message {
  type: string
  ref: string
  conversationId: string
  clientId: string
  text: string
}

interface Pending {
  socket: WebSocket
  message: Message
  event: object
}

const [, , file] = process.argv
const rooms = new Map<string, { members: Set<WebSocket>; seq: number }>()
const keep = file ? openLog(file) : undefined

const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 * 1024 })

sockets.on('connection', (socket) => {
  const joined: string[] = []
  socket.on('message', (bytes: Buffer) => {
    const frame = JSON.parse(bytes.toString()) as Message
    const room = rooms.get(frame.conversationId) ?? { members: new Set(), seq: 0 }
    if (frame.type === 'join') {
      rooms.set(frame.conversationId, room)
      room.members.add(socket)
      joined.push(frame.conversationId)
      socket.send(JSON.stringify({ type: 'ok', ref: frame.ref, result: {} }))
      return
    }
    room.seq += 1
    const { conversationId, clientId, text } = frame
    const event = {
      conversationId,
      id: `${conversationId}-${room.seq}`,
      seq: room.seq,
      prev: room.seq - 1,
      at: Date.now(),
      type: 'message',
      author: { kind: 'visitor', id: 'somebody', name: null },
      clientId,
      text,
    }
    const pending = { socket, message: frame, event }
    if (keep) keep(pending, room.seq)
    else finish(pending)
  })
  socket.on('close', () => {
    for (const id of joined) rooms.get(id)?.members.delete(socket)
  })
})

function finish({ socket, message, event }: Pending) {
  socket.send(JSON.stringify({ type: 'ok', ref: message.ref, result: { event } }))
  const push = JSON.stringify({ type: 'event', event })
  for (const member of rooms.get(message.conversationId)?.members ?? []) {
    if (member !== socket) member.send(push)
  }
}

function openLog(path: string) {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(
    'create table message (conversation text, seq integer, client_id text, at integer, text text, primary key (conversation, seq)) without rowid',
  )
  const begin = db.prepare('begin immediate')
  const insert = db.prepare('insert into message values (?, ?, ?, ?, ?)')
  const commit = db.prepare('commit')
  let batch: { pending: Pending; seq: number }[] = []

  const flush = () => {
    const turn = batch
    batch = []
    begin.run()
    for (const { pending, seq } of turn) {
      const { conversationId, clientId, text } = pending.message
      insert.run(conversationId, seq, clientId, Date.now(), text)
    }
    commit.run()
    for (const { pending } of turn) finish(pending)
  }
  return (pending: Pending, seq: number) => {
    if (batch.length === 0) setImmediate(flush)
    batch.push({ pending, seq })
  }
}

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})

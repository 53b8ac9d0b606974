import { randomBytes } from 'node:crypto'

import { nanoid } from 'nanoid'

import { percentile } from '../../server/simulate/figures.ts'
import type { LoadCommand, LoadResult, Target } from './load-protocol.ts'
import { openPeer, type Peer } from './peer.ts'

/*
 * The load generator, a process of its own: what it costs is not charged to the server. Does as it is told
 * over the parent's channel, against Parley and against the floors alike.
 */

interface Chat {
  conversationId: string
  visitor: Peer
  agent: Peer
  /** To come back as the same visitor. */
  hello: object | undefined
  lastSeq: number
}

let target: Target
let chats: Chat[] = []
let agents: Peer[] = []
let idle: Peer[] = []

const visitorPath = () => (target.kind === 'parley' ? '/ws/visitor' : '/')
const newToken = () => randomBytes(32).toString('base64url')
const toHello = (token: string) =>
  target.kind === 'parley' ? { type: 'hello', version: 1, site: target.siteKey, token } : undefined

/** Many addresses, as many visitors have. */
let addresses = 0
function nextAddress() {
  addresses = (addresses + 1) % 50_000
  return `127.0.${1 + Math.floor(addresses / 250)}.${1 + (addresses % 250)}`
}

function openVisitor(hello: object | undefined) {
  const { port } = target
  const origin = target.kind === 'parley' ? target.siteOrigin : 'http://localhost'
  const common = { port, origin, path: visitorPath(), localAddress: nextAddress() }
  return openPeer(hello ? { ...common, hello } : common)
}

async function openAgents() {
  if (target.kind === 'relay') {
    return Promise.all(Array.from({ length: 2 }, () => openVisitor(undefined)))
  }
  const { port, publicUrl, tickets } = target
  const open: Peer[] = []
  for (const ticket of tickets) {
    const hello = { type: 'hello', version: 1, ticket }
    const peer = await openPeer({ port, origin: publicUrl, path: '/ws/agent', hello })
    // Away: chats are claimed, so that no offer rings while messages are measured.
    await peer.get({ type: 'status.set', status: 'away' })
    await peer.get({ type: 'capacity.set', capacity: 50 })
    open.push(peer)
  }
  return open
}

async function openChat(at: number): Promise<Chat> {
  const agent = agents[at % agents.length]
  if (!agent) throw new Error('No agents.')
  const conversationId = nanoid()
  const hello = toHello(newToken())
  const visitor = await openVisitor(hello)
  if (target.kind === 'relay') {
    await visitor.get({ type: 'join', conversationId })
    await agent.get({ type: 'join', conversationId })
    return { conversationId, visitor, agent, hello, lastSeq: 0 }
  }
  const first = { clientId: nanoid(), text: 'Hello!', start: {} }
  await visitor.get({ type: 'message.send', conversationId, ...first })
  await visitor.get({ type: 'conversation.resume', conversationId, after: 0 })
  await agent.get({ type: 'conversation.claim', conversationId })
  await agent.get({ type: 'conversation.resume', conversationId, after: 0 })
  return { conversationId, visitor, agent, hello, lastSeq: 0 }
}

async function connect(command: Extract<LoadCommand, { do: 'connect' }>) {
  target = command.target
  agents = await openAgents()
  chats = []
  for (let at = 0; at < command.chats; at += 20) {
    const count = Math.min(20, command.chats - at)
    chats.push(...(await Promise.all(Array.from({ length: count }, (_, n) => openChat(at + n)))))
  }
}

/** Sends at a steady rate, or as fast as answers come but no faster than a visitor may. */
async function run({ seconds, perChat, isClosedLoop }: Extract<LoadCommand, { do: 'run' }>) {
  const sentAt = new Map<string, number>()
  const acks: number[] = []
  const deliveries: number[] = []
  let sent = 0
  for (const agent of agents) {
    agent.onEvent = ({ clientId }) => {
      const at = clientId === undefined ? undefined : sentAt.get(clientId)
      if (at !== undefined) deliveries.push(performance.now() - at)
    }
  }
  const post = (chat: Chat, onAck: () => void) => {
    const clientId = nanoid()
    const at = performance.now()
    sentAt.set(clientId, at)
    sent += 1
    const { conversationId } = chat
    const text = 'Where is my parcel? The order number is 48213, paid by card yesterday.'
    chat.visitor.ask({ type: 'message.send', conversationId, clientId, text }, (result) => {
      acks.push(performance.now() - at)
      chat.lastSeq = (result as { event: { seq: number } }).event.seq
      onAck()
    })
  }

  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1_000
  const everyMs = 1_000 / perChat
  const due = chats.map((chat) => ({
    chat,
    at: startedAt + Math.random() * everyMs,
    isBusy: false,
  }))
  await new Promise<void>((resolve) => {
    const tick = () => {
      const now = performance.now()
      if (now >= endAt) {
        clearInterval(timer)
        resolve()
        return
      }
      for (const slot of due) {
        if (slot.at > now || (isClosedLoop && slot.isBusy)) continue
        slot.at = isClosedLoop ? now + everyMs : slot.at + everyMs
        slot.isBusy = true
        post(slot.chat, () => (slot.isBusy = false))
      }
    }
    const timer = setInterval(tick, 2)
  })
  const elapsedMs = performance.now() - startedAt
  const deliveredInTime = deliveries.length
  // What is on its way still arrives; a server that is behind would otherwise look quick.
  for (let wait = 0; deliveries.length < sent && wait < 500; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    sent,
    delivered: deliveries.length,
    perSecond: deliveredInTime / (elapsedMs / 1_000),
    ackMs: { p50: percentile(acks, 0.5) ?? 0, p99: percentile(acks, 0.99) ?? 0 },
    deliveryMs: { p50: percentile(deliveries, 0.5) ?? 0, p99: percentile(deliveries, 0.99) ?? 0 },
  }
}

/** Connects and waits: what a visitor costs who only has the panel open. */
async function fill({ count }: Extract<LoadCommand, { do: 'idle' }>) {
  for (let at = 0; at < count; at += 50) {
    const batch = Math.min(50, count - at)
    const open = Array.from({ length: batch }, () => openVisitor(toHello(newToken())))
    idle.push(...(await Promise.all(open)))
  }
}

/** Comes back again and again: connect, hello, resume from where it was, read the answer, leave. */
async function shakeHands({ seconds, width }: Extract<LoadCommand, { do: 'handshakes' }>) {
  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1_000
  let count = 0
  const lane = async (at: number) => {
    for (let turn = at; performance.now() < endAt; turn += width) {
      const chat = chats[turn % chats.length]
      if (!chat) return
      const { conversationId } = chat
      const peer = await openVisitor(chat.hello)
      await peer.get(
        target.kind === 'relay'
          ? { type: 'join', conversationId }
          : { type: 'conversation.resume', conversationId, after: Math.max(0, chat.lastSeq - 5) },
      )
      peer.close()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: width }, (_, at) => lane(at)))
  return { count, perSecond: count / ((performance.now() - startedAt) / 1_000) }
}

async function disconnect() {
  // The next round's chats need the agents' room.
  if (chats.length > 0 && target.kind === 'parley') {
    for (const { visitor, conversationId } of chats) {
      await visitor.get({ type: 'conversation.close', conversationId })
    }
  }
  for (const peer of [...agents, ...chats.map((chat) => chat.visitor), ...idle]) peer.close()
  agents = []
  chats = []
  idle = []
}

async function carryOut(command: LoadCommand): Promise<LoadResult> {
  switch (command.do) {
    case 'connect':
      await connect(command)
      return {}
    case 'run':
      return { run: await run(command) }
    case 'idle':
      target = command.target
      await fill(command)
      return {}
    case 'handshakes':
      return { handshakes: await shakeHands(command) }
    case 'disconnect':
      await disconnect()
      return {}
  }
}

process.on('message', (command: LoadCommand) => {
  carryOut(command).then(
    (result) => process.send?.({ ok: true, result }),
    (error: unknown) => process.send?.({ ok: false, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))

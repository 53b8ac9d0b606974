import { closeCodes } from '../../shared/protocol/errors.ts'
import { getDetails } from '../actions/look-up.ts'
import { agentMaySee, scopeOf } from '../actions/may-see.ts'
import type { BusMessage } from '../bus/bus.ts'
import { listConversationsById } from '../store/conversations.ts'
import { toRow } from '../views/conversation-view.ts'
import type { Hub } from './hub.ts'
import { visitorState, type VisitorStateDeps } from './visitor-state.ts'

interface Options extends VisitorStateDeps {
  hub: Hub
}

/** Changes gather this long before lists hear of them: a busy inbox costs a few frames a second, not one per message. */
const gatherMs = 120

/**
 * Tells sockets what is not an event of a conversation they opened: rows of lists, counts, who is there, places in the queue.
 * Each is read from the store when it is told, so that what was missed does not matter.
 */
export function startBroadcaster({ context, hub, directory, places }: Options) {
  const dirtyRows = new Set<string>()
  const dirtyStates = new Set<string>()
  const dirtyDetails = new Set<string>()
  let isQueueDirty = false
  let isDirectoryDirty = false
  let timer: NodeJS.Timeout | undefined
  let isFlushing = false
  let isStopped = false
  let lastColleagues = ''
  const lastTeams = new Map<string, string>()

  function schedule() {
    if (timer || isFlushing || isStopped) return
    timer = setTimeout(() => {
      timer = undefined
      void flush()
    }, gatherMs)
  }

  async function flush() {
    isFlushing = true
    try {
      if (isDirectoryDirty) await flushDirectory()
      if (isQueueDirty) await flushQueue()
      await flushConversations()
      await flushDetails()
    } catch (error) {
      context.log.error({ err: error }, 'telling the lists failed')
    }
    isFlushing = false
    const isDirty = dirtyRows.size + dirtyStates.size + dirtyDetails.size > 0
    if (isDirty || isQueueDirty || isDirectoryDirty) schedule()
  }

  async function flushDirectory() {
    isDirectoryDirty = false
    const before = directory.agents
    await directory.reload()
    // Visitors see whether their agent is there.
    for (const [id, agent] of directory.agents) {
      const known = before.get(id)
      const isSame =
        known?.isPresent === agent.isPresent &&
        known.status === agent.status &&
        known.name === agent.name
      if (isSame) continue
      const held = await context.store.read
        .selectFrom('conversation')
        .select('id')
        .where('closed_at', 'is', null)
        .where('assignee_id', '=', id)
        .execute()
      for (const row of held) dirtyStates.add(row.id)
    }
    tellTeams()
  }

  function tellTeams() {
    for (const [siteId, connections] of hub.sites()) {
      const site = directory.sitesById.get(siteId)
      if (!site) continue
      const frame = JSON.stringify({ type: 'team', team: directory.team(site) })
      if (lastTeams.get(siteId) === frame) continue
      lastTeams.set(siteId, frame)
      for (const connection of connections) connection.send(frame)
    }
  }

  function tellColleagues() {
    const frame = JSON.stringify({ type: 'colleagues', colleagues: directory.colleagues() })
    if (frame === lastColleagues) return
    lastColleagues = frame
    for (const connection of hub.agents()) connection.send(frame)
  }

  async function flushQueue() {
    isQueueDirty = false
    await directory.reloadCounts()
    for (const id of await places.reload()) dirtyStates.add(id)
    tellColleagues()
  }

  async function flushConversations() {
    const states = [...dirtyStates]
    const ids = [...new Set([...dirtyRows, ...states])]
    dirtyRows.clear()
    dirtyStates.clear()
    for (let start = 0; start < ids.length; start += 200) {
      const rows = await listConversationsById(context.store.read, ids.slice(start, start + 200))
      const encoded = rows.map((row) => ({
        row,
        json: JSON.stringify(toRow(row, hub.isVisitorHere(row.visitor_id))),
      }))
      for (const connection of hub.agents()) {
        const { caller } = connection
        if (caller?.kind !== 'agent') continue
        const mine = encoded.filter(({ row }) => agentMaySee(caller, row)).map(({ json }) => json)
        if (mine.length === 0) continue
        const counts = JSON.stringify(directory.viewCounts(caller.agentId, scopeOf(caller)))
        // Put together from encoded rows: each is encoded once, however many agents see it.
        connection.send(`{"type":"rows","rows":[${mine.join()}],"counts":${counts}}`)
      }
      for (const { row } of encoded) {
        if (!states.includes(row.id) || !hub.isVisitorHere(row.visitor_id)) continue
        const conversation = await visitorState({ context, directory, places }, row)
        const frame = JSON.stringify({ type: 'conversation', conversation })
        for (const connection of hub.ofVisitor(row.visitor_id)) connection.send(frame)
      }
    }
  }

  async function flushDetails() {
    const ids = [...dirtyDetails]
    dirtyDetails.clear()
    for (const id of ids) {
      for (const connection of hub.subscribersOf(id)) {
        if (connection.caller?.kind !== 'agent') continue
        const details = await getDetails(context, connection.caller, id).catch(() => undefined)
        if (details) connection.sendJson({ type: 'details', details })
      }
    }
  }

  async function tellOffer(message: Extract<BusMessage, { type: 'offer' }>) {
    const connections = hub.ofAgent(message.agentId)
    if (connections.size === 0) return
    const [row] = await listConversationsById(context.store.read, [message.conversationId])
    if (row?.offer_id !== message.offerId) return
    const frame = JSON.stringify(offerPush(row, hub.isVisitorHere(row.visitor_id), context.now()))
    for (const connection of connections) connection.send(frame)
  }

  function tellMe(agentId: string) {
    const connections = hub.ofAgent(agentId)
    if (connections.size === 0) return
    void directory
      .reload()
      .then(() => {
        const me = toMe(directory, agentId)
        if (!me) return
        for (const connection of connections) connection.sendJson({ type: 'me', me })
      })
      .catch((error: unknown) => context.log.error({ err: error }, 'telling an agent failed'))
  }

  function hear(message: BusMessage) {
    switch (message.type) {
      case 'conversation':
        dirtyRows.add(message.conversationId)
        if (message.isRestructured) dirtyStates.add(message.conversationId)
        break
      case 'details':
        dirtyDetails.add(message.conversationId)
        break
      case 'routing':
        isQueueDirty = true
        break
      case 'colleagues':
      case 'site':
        isDirectoryDirty = true
        isQueueDirty = true
        break
      case 'me':
        tellMe(message.agentId)
        break
      case 'rights':
        isDirectoryDirty = true
        // The new rights come with a new hello: simpler than taking apart what an open socket may see.
        for (const connection of hub.ofAgent(message.agentId)) {
          connection.bye(
            'rights-changed',
            'Your role or departments changed; reconnecting.',
            closeCodes.notAllowed,
            0,
          )
        }
        break
      case 'offer':
        tellOffer(message).catch((error: unknown) =>
          context.log.error({ err: error }, 'telling an offer failed'),
        )
        return
      case 'offer.gone': {
        const { agentId, ...push } = message
        for (const connection of hub.ofAgent(agentId)) connection.sendJson(push)
        return
      }
      default:
        return
    }
    schedule()
  }

  const unsubscribe = context.bus.subscribe(hear)
  return {
    /** Something outside changed: look at everything again. */
    refresh() {
      isDirectoryDirty = true
      isQueueDirty = true
      schedule()
    },
    /** A visitor came or went: their rows show it. */
    async visitorChanged(visitorId: string) {
      const rows = await context.store.read
        .selectFrom('conversation')
        .select('id')
        .where('visitor_id', '=', visitorId)
        .where('closed_at', 'is', null)
        .execute()
      for (const { id } of rows) dirtyRows.add(id)
      if (rows.length > 0) schedule()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

export function offerPush(
  row: Awaited<ReturnType<typeof listConversationsById>>[number],
  isVisitorHere: boolean,
  now: number,
) {
  return {
    type: 'offer',
    offerId: row.offer_id,
    row: toRow(row, isVisitorHere),
    firstWords: (row.first_text ?? '').slice(0, 300).toWellFormed(),
    deadlineAt: row.offer_deadline_at,
    serverTime: now,
  }
}

export function toMe(directory: VisitorStateDeps['directory'], agentId: string) {
  const agent = directory.agents.get(agentId)
  return (
    agent && {
      id: agent.id,
      name: agent.name,
      email: agent.email,
      role: agent.role,
      status: agent.status,
      capacity: agent.capacity,
      departmentIds: agent.departmentIds,
    }
  )
}

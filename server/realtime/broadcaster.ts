import { closeCodes } from '../../shared/protocol/errors.ts'
import type { BusMessage } from '../bus/bus.ts'
import { listOpenIdsOfVisitor } from '../store/conversations.ts'
import type { RealtimeDeps } from './deps.ts'
import { endUnwelcome } from './revoke.ts'
import { createConversationTeller } from './tell-conversations.ts'
import { createPeopleTeller } from './tell-people.ts'

/** Changes gather this long before lists hear of them: a busy inbox costs a few frames a second, not one per message. */
const gatherMs = 120
/**
 * Telling the lists takes no more than a twentieth of the time, so that messages go first when there is much of both;
 * but nobody waits for a list longer than this.
 */
const share = 20
const patienceMs = 1_000
/** After a failure to read. What was to be told is kept. */
const retryMs = 1_000

/**
 * Tells sockets what is not an event of a conversation they opened: rows of lists, counts, who is there, places in the queue.
 * Each is read from the store when it is told, so that what was missed does not matter.
 */
export function startBroadcaster(deps: RealtimeDeps) {
  const { context, hub, directory, places } = deps
  const people = createPeopleTeller(deps)
  const conversations = createConversationTeller(deps)
  const dirtyRows = new Set<string>()
  const dirtyStates = new Set<string>()
  const dirtyDetails = new Set<string>()
  let isQueueDirty = false
  let isDirectoryDirty = false
  let timer: NodeJS.Timeout | undefined
  let isFlushing = false
  let isStopped = false
  let nextMs = gatherMs

  function schedule(afterMs = nextMs) {
    if (timer || isFlushing || isStopped) return
    timer = setTimeout(() => {
      timer = undefined
      void flush()
    }, afterMs)
  }

  async function flush() {
    isFlushing = true
    let hasFailed = false
    const startedAt = performance.now()
    try {
      await flushPeople()
      await flushConversations()
      await each(dirtyDetails, (ids) => conversations.tellDetails(ids))
    } catch (error) {
      hasFailed = true
      context.log.error({ err: error }, 'telling the lists failed; it will be tried again')
    }
    isFlushing = false
    const tookMs = performance.now() - startedAt
    nextMs = Math.min(patienceMs, Math.max(gatherMs, tookMs * share))
    const isDirty = dirtyRows.size + dirtyStates.size + dirtyDetails.size > 0
    if (isDirty || isQueueDirty || isDirectoryDirty) schedule(hasFailed ? retryMs : nextMs)
  }

  async function flushPeople() {
    if (!isDirectoryDirty && !isQueueDirty) return
    const wasDirectoryDirty = isDirectoryDirty
    isDirectoryDirty = isQueueDirty = false
    try {
      if (wasDirectoryDirty) {
        await directory.reload()
        endUnwelcome({ hub, directory })
        for (const id of await people.listFacesChanged()) dirtyStates.add(id)
        people.tellTeams()
      } else await directory.reloadCounts()
      // A place is of interest to nobody but the visitor who stands there.
      for (const { id, visitorId } of await places.reload()) {
        if (hub.isVisitorHere(visitorId)) dirtyStates.add(id)
      }
      people.tellColleagues()
    } catch (error) {
      isQueueDirty = true
      isDirectoryDirty ||= wasDirectoryDirty
      throw error
    }
  }

  async function flushConversations() {
    const states = new Set(dirtyStates)
    dirtyStates.clear()
    try {
      await each(dirtyRows, (rows) => conversations.tell(rows, states))
    } catch (error) {
      for (const id of states) dirtyStates.add(id)
      throw error
    }
  }

  /** Takes what is in the set; puts it back when telling it failed. */
  async function each(dirty: Set<string>, tell: (ids: Set<string>) => Promise<void>) {
    const ids = new Set(dirty)
    dirty.clear()
    try {
      await tell(ids)
    } catch (error) {
      for (const id of ids) dirty.add(id)
      throw error
    }
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
        break
      case 'me':
        people.tellMe(message.agentId).catch(logFailure('an agent'))
        return
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
        conversations.tellOffer(message).catch(logFailure('an offer'))
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

  function logFailure(what: string) {
    return (error: unknown) => context.log.error({ err: error }, `telling ${what} failed`)
  }

  const unsubscribe = context.bus.subscribe(hear)
  return {
    /** Something outside changed: look at everything again. */
    refresh() {
      isDirectoryDirty = true
      schedule()
    },
    /** A visitor came or went: their rows show it. */
    async visitorChanged(visitorId: string) {
      const ids = await listOpenIdsOfVisitor(context.store.read, visitorId)
      for (const id of ids) dirtyRows.add(id)
      if (ids.length > 0) schedule()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

import { isSent } from '../protocol/shapes.ts'
import type { TimelineEvent } from '../protocol/timeline-event.ts'
import { backoffMs } from './backoff.ts'
import { createEmitter } from './emitter.ts'
import { toFailure } from './request-error.ts'
import type { Connection, Outbox, OutboxEntry, OutboxStorage, Timers, WhenShown } from './types.ts'

export interface OutboxDeps {
  connection: Pick<Connection<unknown, unknown>, 'state' | 'request' | 'onState'>
  storage: OutboxStorage
  newId: () => string
  timers: Timers
}

/** What another tab put into the storage is left to that tab for this long. */
const othersFirstMs = 4_000
/** The server answered that it broke: a message that breaks it every time must not wait for ever. */
const maxBreaks = 5

/** How one conversation gets on: one message on its way at a time, so that their order holds. */
interface Lane {
  isBusy: boolean
  failures: number
  /** How often in a row the server broke on the message. */
  breaks: number
  /** Set while it waits for another try. */
  cancelTimer: (() => void) | undefined
}

/** Keeps what was written until the server has it, exactly once and in order (D2, D5, D12; SPEC 6). */
export function createOutbox({ connection, storage, newId, timers }: OutboxDeps): Outbox {
  const changes = createEmitter<void>()
  const sent = createEmitter<{
    entry: OutboxEntry
    event: TimelineEvent
    hold(until: WhenShown | void): void
  }>()
  const lanes = new Map<string, Lane>()
  /** What other tabs are about to send, and until when it is left to them. */
  const others = new Map<string, number>()
  /** Acknowledged, and in `entries` only until the conversation shows it. */
  const done = new Set<string>()
  let entries: readonly OutboxEntry[] = storage.load()
  let isStopped = false

  const find = (clientId: string) => entries.find((entry) => entry.clientId === clientId)

  function laneOf({ conversationId }: OutboxEntry) {
    const lane = lanes.get(conversationId) ?? {
      isBusy: false,
      failures: 0,
      breaks: 0,
      cancelTimer: undefined,
    }
    lanes.set(conversationId, lane)
    return lane
  }

  /** Sends the first waiting message of every conversation that has none on its way. */
  function pump() {
    if (isStopped || connection.state.kind !== 'online') return
    const seen = new Set<string>()
    for (const entry of entries) {
      const { clientId, conversationId, state } = entry
      if (state === 'failed' || done.has(clientId) || seen.has(conversationId)) continue
      seen.add(conversationId)
      if ((others.get(clientId) ?? 0) > timers.now()) continue
      const lane = laneOf(entry)
      if (!lane.isBusy && !lane.cancelTimer) void send(entry, lane)
    }
  }

  async function send(entry: OutboxEntry, lane: Lane) {
    lane.isBusy = true
    try {
      const result = await connection.request(toCommand(entry))
      lane.failures = lane.breaks = 0
      acknowledge(entry, result)
    } catch (error) {
      if (!isStopped) refuse(entry, lane, error)
    }
    lane.isBusy = false
    pump()
  }

  function acknowledge(entry: OutboxEntry, result: unknown) {
    storage.remove(entry.clientId)
    if (isStopped) return
    done.add(entry.clientId)
    let holds = 1
    const release = () => {
      if (--holds > 0 || isStopped) return
      drop(entry.clientId)
      changes.emit()
    }
    const hold = (until: WhenShown | void) => {
      if (!until) return
      holds++
      until(release)
    }
    if (isSent(result)) sent.emit({ entry, event: result.event, hold })
    release()
  }

  function refuse(entry: OutboxEntry, lane: Lane, error: unknown) {
    const { code, isRetryable, retryAfterMs = 0 } = toFailure(error)
    // Nobody knows whether it is stored; the same clientId on the next link finds out.
    if (code === 'disconnected') return
    if (code === 'internal') lane.breaks++
    if (isRetryable && lane.breaks < maxBreaks) {
      lane.cancelTimer = timers.after(
        retryAfterMs + backoffMs(lane.failures++, timers.random()),
        () => {
          lane.cancelTimer = undefined
          pump()
        },
      )
      return
    }
    lane.failures = lane.breaks = 0
    if (find(entry.clientId)) replace({ ...entry, state: 'failed', code })
  }

  function drop(clientId: string) {
    done.delete(clientId)
    entries = entries.filter((entry) => entry.clientId !== clientId)
  }

  function replace(changed: OutboxEntry, clientId = changed.clientId) {
    entries = entries.map((entry) => (entry.clientId === clientId ? changed : entry))
    storage.put(changed)
    changes.emit()
  }

  const unsubscribe = connection.onState(pump)
  pump()

  return {
    get entries() {
      return entries
    },
    add({ conversationId, kind, text, start }) {
      // Should the one before it fail, this one has to bring the conversation into being.
      const facts = start ?? entries.find((other) => other.conversationId === conversationId)?.start
      const entry: OutboxEntry = {
        clientId: newId(),
        conversationId,
        kind,
        text,
        ...(facts && { start: facts }),
        // Never the same twice, nor earlier than the one before: a storage may sort by it.
        createdAt: Math.max(timers.now(), (entries.at(-1)?.createdAt ?? 0) + 1),
        state: 'sending',
      }
      storage.put(entry)
      entries = [...entries, entry]
      changes.emit()
      pump()
      return entry
    },
    retry(clientId) {
      const failed = find(clientId)
      if (failed?.state !== 'failed') return
      const { code, ...entry } = failed
      if (code === 'client-id-reused') {
        // The id belongs to another message: only with a new one can this be sent at all.
        storage.remove(clientId)
        replace({ ...entry, clientId: newId(), state: 'sending' }, clientId)
      } else replace({ ...entry, state: 'sending' })
      pump()
    },
    discard(clientId) {
      storage.remove(clientId)
      drop(clientId)
      changes.emit()
    },
    reload() {
      const stored = new Map(storage.load().map((entry) => [entry.clientId, entry]))
      const kept = entries.flatMap((entry) =>
        done.has(entry.clientId) ? entry : (stored.get(entry.clientId) ?? []),
      )
      for (const { clientId } of entries) stored.delete(clientId)
      entries = [...kept, ...stored.values()]
      if (stored.size > 0) {
        others.clear()
        for (const clientId of stored.keys()) others.set(clientId, timers.now() + othersFirstMs)
        timers.after(othersFirstMs, pump)
      }
      changes.emit()
      pump()
    },
    onChange: changes.on,
    onSent: (listener) => sent.on(({ entry, event, hold }) => hold(listener(entry, event))),
    stop() {
      isStopped = true
      unsubscribe()
      for (const { cancelTimer } of lanes.values()) cancelTimer?.()
    },
  }
}

function toCommand({ kind, conversationId, clientId, text, start }: OutboxEntry) {
  return { type: `${kind}.send`, conversationId, clientId, text, ...(start && { start }) }
}

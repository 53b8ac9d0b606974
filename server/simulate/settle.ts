import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { Agent } from './agent.ts'
import type { AgentClient, VisitorClient } from './client.ts'
import type { Audience } from './history.ts'
import { readConversation, readRows, untilOnline } from './read-all.ts'
import type { Recorder } from './recorder.ts'
import type { Visitor } from './visitor.ts'

export interface Cast {
  visitors: readonly Visitor[]
  agents: readonly Agent[]
}

/**
 * The end of a trial. Every network is healed; when every outbox is empty and every open feed has caught up, or
 * the patience ends, newcomers read everything from the start and the record is closed with what they find.
 */
export async function settle({ visitors, agents }: Cast, recorder: Recorder, patienceMs = 60_000) {
  const end = Date.now() + patienceMs
  const players: (VisitorClient | AgentClient)[] = [
    ...visitors.map((visitor) => visitor.client),
    ...agents.map((agent) => agent.client),
  ]
  for (const player of players) {
    player.connection.start()
    player.restoreNetwork()
  }
  await until(end, () => players.every((player) => player.outbox.entries.length === 0))

  const [observer] = agents
  const watch = observer?.openFresh('observer')
  if (watch) await untilOnline(watch)
  const finals = new Map<string, readonly TimelineEvent[]>()
  const write = (audience: Audience, conversationId: string, events: readonly TimelineEvent[]) => {
    finals.set(`${audience} ${conversationId}`, events)
    recorder.write({ kind: 'final', audience, conversationId, events })
  }

  const begun = new Set<string>()
  for (const entry of recorder.history) if (entry.kind === 'acked') begun.add(entry.conversationId)
  for (const visitor of visitors) {
    const ids = [...visitor.conversationIds].filter((id) => begun.has(id))
    if (ids.length === 0) continue
    const fresh = visitor.openFresh(`${visitor.name} again`)
    for (const id of ids) {
      if (watch)
        await attempt(
          recorder,
          () => readConversation(watch, id),
          (events) => write('agent', id, events),
        )
      await attempt(
        recorder,
        () => readConversation(fresh, id),
        (events) => write('visitor', id, events),
      )
    }
    fresh.stop()
  }

  await until(end, () => players.every((player) => hasCaughtUp(player, finals)))
  for (const player of players) {
    for (const { name: feed, conversationId } of player.feeds) {
      const audience = toAudience(player, visitors)
      if (!finals.has(`${audience} ${conversationId}`)) continue
      recorder.write({ kind: 'caught-up', feed, audience, conversationId })
    }
  }
  if (watch) {
    await writeStandings(watch, begun, recorder)
    watch.stop()
  }

  function hasCaughtUp(player: VisitorClient | AgentClient, read: typeof finals) {
    const audience = toAudience(player, visitors)
    return player.feeds.every(({ conversationId, feed }) => {
      const last = read.get(`${audience} ${conversationId}`)?.at(-1)
      return last === undefined || (feed.events.at(-1)?.seq ?? 0) >= last.seq
    })
  }
}

function toAudience(player: VisitorClient | AgentClient, visitors: readonly Visitor[]): Audience {
  return visitors.some((visitor) => visitor.client === player) ? 'visitor' : 'agent'
}

async function attempt<Result>(
  recorder: Recorder,
  read: () => Promise<Result>,
  use: (result: Result) => void,
) {
  try {
    use(await read())
  } catch (error) {
    // The verdict will miss it: an acknowledged message that can't be read is lost.
    recorder.note(`reading back: ${String((error as Error).message)}`)
  }
}

/** How each conversation stands, as the lists say; one that is on no list is on nobody's screen. */
async function writeStandings(watch: AgentClient, ids: ReadonlySet<string>, recorder: Recorder) {
  const present = new Set<string>()
  const unsubscribe = watch.connection.onWelcome((welcome) => {
    for (const colleague of welcome.colleagues) if (colleague.isPresent) present.add(colleague.id)
  })
  // A welcome comes with every link: take a new one for how it is now.
  watch.connection.stop()
  watch.connection.start()
  await untilOnline(watch)
  unsubscribe()

  const rows = await readRows(watch, ids)
  // Lists move while they are paged through: what slipped between two pages is looked for once more.
  const missing = new Set([...ids].filter((id) => !rows.has(id)))
  if (missing.size > 0) for (const [id, row] of await readRows(watch, missing)) rows.set(id, row)
  for (const conversationId of ids) {
    const row = rows.get(conversationId)
    recorder.write({
      kind: 'standing',
      conversationId,
      status: row?.status ?? 'assigned',
      assigneeId: row?.assigneeId ?? null,
      isAssigneePresent: present.has(row?.assigneeId ?? ''),
      offerDeadlineAt: row?.offer?.deadlineAt ?? null,
      at: Date.now(),
    })
  }
}

/** Looks every few milliseconds: what is waited for happens in many places at once. */
async function until(end: number, isTrue: () => boolean) {
  while (!isTrue() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
}

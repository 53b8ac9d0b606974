import { getDetails } from '../actions/look-up.ts'
import { agentMaySee, isSeenByHolding, scopeOf } from '../actions/may-see.ts'
import type { BusMessage } from '../bus/bus.ts'
import type { AgentCaller } from '../context.ts'
import type { ConversationWithVisitor } from '../store/schema.ts'
import { toRow } from '../views/conversation-view.ts'
import type { Connection } from './connection.ts'
import type { RealtimeDeps } from './deps.ts'
import { visitorState } from './visitor-state.ts'

/** Rows read and sent at once. */
const chunkSize = 200

interface EncodedRow {
  row: ConversationWithVisitor
  json: string
}

/** Tells conversations as they are now: rows and details to agents, states to visitors, offers to whom they ring for. */
export function createConversationTeller(deps: RealtimeDeps) {
  const { context, hub, directory } = deps

  /** Tells agents of `rows`, and visitors of `states` and of what they have not opened here. */
  async function tell(rows: ReadonlySet<string>, states: ReadonlySet<string>) {
    const ids = [...new Set([...rows, ...states])]
    for (let start = 0; start < ids.length; start += chunkSize) {
      const chunk = await readRows(ids.slice(start, start + chunkSize))
      tellAgents(
        chunk
          .filter(({ id }) => rows.has(id))
          .map((row) => ({
            row,
            json: JSON.stringify(toRow(row, hub.isVisitorHere(row.visitor_id))),
          })),
      )
      for (const row of chunk) await tellVisitor(row, states.has(row.id))
    }
  }

  /** One prepared question each: an `in (…)` of another length every time would be compiled every time. */
  async function readRows(ids: readonly string[]) {
    const rows = []
    for (const id of ids) {
      const row = await context.store.hotRead.findConversationWithVisitor(id)
      if (row) rows.push(row)
    }
    return rows
  }

  function tellAgents(encoded: EncodedRow[]) {
    if (encoded.length === 0) return
    const all = encoded.map(({ json }) => json).join()
    for (const connection of hub.agents()) {
      const { caller } = connection
      if (caller?.kind !== 'agent') continue
      const mine = encoded.filter(({ row }) => agentMaySee(caller, row))
      const gone = mine.length === encoded.length ? [] : takeGone(connection, caller, encoded)
      if (mine.length + gone.length === 0) continue
      noteHeld(connection, caller, mine)
      if (gone.length > 0) connection.sendJson({ type: 'rows.gone', ids: gone })
      const counts = JSON.stringify(directory.viewCounts(caller.agentId, scopeOf(caller)))
      // Put together from encoded rows: each is encoded once, however many agents see it.
      const rows = mine.length === encoded.length ? all : mine.map(({ json }) => json).join()
      connection.send(`{"type":"rows","rows":[${rows}],"counts":${counts}}`)
    }
  }

  /** Rows that this agent saw as long as they held them, and no longer. Their events end with them. */
  function takeGone(connection: Connection, caller: AgentCaller, encoded: EncodedRow[]) {
    const { heldRows } = connection
    if (!heldRows) return []
    const gone = encoded
      .filter(({ row }) => heldRows.has(row.id) && !agentMaySee(caller, row))
      .map(({ row }) => row.id)
    for (const id of gone) {
      heldRows.delete(id)
      hub.unsubscribe(connection, id)
    }
    return gone
  }

  async function tellVisitor(row: ConversationWithVisitor, isState: boolean) {
    const connections = [...hub.ofVisitor(row.visitor_id)].filter(
      // Who has it open hears of each message by its event; who has not, by the count of what is unread.
      ({ subscriptions }) => isState || !subscriptions.has(row.id),
    )
    if (connections.length === 0) return
    const conversation = await visitorState(deps, row)
    const frame = JSON.stringify({ type: 'conversation', conversation })
    for (const connection of connections) connection.send(frame)
  }

  async function tellDetails(ids: ReadonlySet<string>) {
    for (const id of ids) {
      for (const connection of hub.subscribersOf(id)) {
        if (connection.caller?.kind !== 'agent') continue
        const details = await getDetails(context, connection.caller, id).catch(() => undefined)
        if (details) connection.sendJson({ type: 'details', details })
      }
    }
  }

  async function tellOffer(message: Extract<BusMessage, { type: 'offer' }>) {
    if (hub.ofAgent(message.agentId).size === 0) return
    const row = await context.store.hotRead.findConversationWithVisitor(message.conversationId)
    if (row?.offer_id !== message.offerId) return
    const frame = JSON.stringify(offerPush(row, hub.isVisitorHere(row.visitor_id), context.now()))
    for (const connection of hub.ofAgent(message.agentId)) {
      if (connection.caller?.kind === 'agent') noteHeld(connection, connection.caller, [{ row }])
      connection.send(frame)
    }
  }

  return { tell, tellDetails, tellOffer }
}

/** Remembers which of these rows the agent sees only because they are theirs. */
export function noteHeld(
  connection: Connection,
  caller: AgentCaller,
  rows: readonly { row: ConversationWithVisitor }[],
) {
  for (const { row } of rows) {
    if (!isSeenByHolding(caller, row)) continue
    connection.heldRows ??= new Set()
    connection.heldRows.add(row.id)
  }
}

/** Says that a chat is offered, with what is needed to decide. */
export function offerPush(row: ConversationWithVisitor, isVisitorHere: boolean, now: number) {
  return {
    type: 'offer',
    offerId: row.offer_id,
    row: toRow(row, isVisitorHere),
    firstWords: (row.first_text ?? '').slice(0, 300).toWellFormed(),
    deadlineAt: row.offer_deadline_at,
    serverTime: now,
  }
}

import { randomBytes } from 'node:crypto'

import { nanoid } from 'nanoid'

import type { ConversationRow, VisitorConversation } from '../../shared/protocol/conversation.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import type { TestApp, TestPerson } from './test-app.ts'
import type { Frame, Wire } from './wire-client.ts'

/* The steps that tests of the server take again and again, over bare sockets. */

export const newToken = () => randomBytes(32).toString('base64url')

export const say = (wire: Wire, conversationId: string, text = 'Hello', clientId = nanoid()) =>
  wire.ask('message.send', { conversationId, clientId, text, start: {} })

export const answer = (wire: Wire, conversationId: string, text = 'Hi', clientId = nanoid()) =>
  wire.ask('message.send', { conversationId, clientId, text })

export const toEvent = (frame: Frame) => (frame['result'] as { event: TimelineEvent }).event

export async function readEvents(wire: Wire, conversationId: string, after = 0) {
  const frame = await wire.ask('conversation.resume', { conversationId, after })
  return (frame['result'] as { events: TimelineEvent[] }).events
}

/** Whether a frame is the offer of this conversation. */
export const isOfferOf =
  (conversationId: string, notOfferId?: unknown) =>
  (frame: Frame): boolean =>
    frame.type === 'offer' &&
    (frame['row'] as ConversationRow).id === conversationId &&
    frame['offerId'] !== notOfferId

/** The newest state of this conversation that a visitor was told by a push. */
export const isState =
  (conversationId: string, fits: (state: VisitorConversation) => boolean) =>
  (frame: Frame): boolean => {
    if (frame.type !== 'conversation') return false
    const state = frame['conversation'] as VisitorConversation
    return state.id === conversationId && fits(state)
  }

/** Whether a frame holds a row of this conversation that fits. */
export const isRow =
  (conversationId: string, fits: (row: ConversationRow) => boolean = () => true) =>
  (frame: Frame): boolean =>
    frame.type === 'rows' &&
    (frame['rows'] as ConversationRow[]).some((row) => row.id === conversationId && fits(row))

/** A visitor who wrote their first message. */
export async function startChat(app: TestApp, siteKey: string, text?: string) {
  const token = newToken()
  const wire = await app.openVisitor(siteKey, token)
  const conversationId = nanoid()
  await say(wire, conversationId, text)
  return { wire, token, conversationId }
}

/** An agent at work: account, socket. */
export async function openAgent(app: TestApp, more: Parameters<TestApp['addPerson']>[1] = {}) {
  const person: TestPerson = await app.addPerson('agent', more)
  return { person, wire: await app.openAgent(person) }
}

export async function accept(wire: Wire, conversationId: string) {
  const offer = await wire.next(isOfferOf(conversationId))
  return wire.ask('offer.accept', { conversationId, offerId: offer['offerId'] })
}

/** A conversation as the store has it. */
export async function findRow(app: TestApp, conversationId: string) {
  const row = await app.store.hotRead.findConversation(conversationId)
  if (!row) throw new Error('There is no such conversation.')
  return row
}

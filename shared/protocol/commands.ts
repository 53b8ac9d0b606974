import * as v from 'valibot'

import { agentStatuses } from './conversation.ts'
import { limits } from './limits.ts'
import {
  emailSchema,
  idSchema,
  languageSchema,
  lineSchema,
  messageTextSchema,
  refSchema,
  seqSchema,
  timeZoneSchema,
  urlSchema,
  visitorTokenSchema,
} from './primitives.ts'

/*
 * Client to server. Unknown fields are refused (strictObject): a client that speaks of things the
 * server does not know would otherwise believe that it was heard.
 */

const pageSchema = v.strictObject({
  url: urlSchema,
  /** The page's author wrote it, not the visitor: what is odd in it is mended, for nobody's message may fail by it. */
  title: v.pipe(
    v.string(),
    v.maxLength(limits.title),
    v.transform((title) => title.toWellFormed().replaceAll(/[\u0000-\u001f\u007f]/g, ' ')),
  ),
})

const contactFields = {
  name: v.optional(lineSchema(limits.name)),
  email: v.optional(emailSchema),
}

/** Facts about a new conversation. Sent with the first message; ignored once the conversation exists. */
const startSchema = v.strictObject({
  page: v.optional(pageSchema),
  referrer: v.optional(urlSchema),
  language: v.optional(languageSchema),
  timeZone: v.optional(timeZoneSchema),
  ...contactFields,
})
export type StartFacts = v.InferOutput<typeof startSchema>

const command = <Type extends string, Entries extends v.ObjectEntries>(
  type: Type,
  entries: Entries,
) => v.strictObject({ type: v.literal(type), ref: refSchema, ...entries })

const resume = command('conversation.resume', { conversationId: idSchema, after: seqSchema })
const read = command('read.set', { conversationId: idSchema, seq: seqSchema })
const typing = command('typing.set', {
  conversationId: idSchema,
  isTyping: v.boolean(),
  /** What is being typed; passed on only where the site switched the preview on. */
  text: v.optional(v.pipe(v.string(), v.maxLength(limits.previewText))),
})
/** Either side may ask at any time; the answer is `ok`. Proves the whole way there and back. */
const ping = command('ping', {})

/* ---- visitor ---- */

export const visitorHelloSchema = v.strictObject({
  type: v.literal('hello'),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  site: v.pipe(v.string(), v.maxLength(64)),
  token: visitorTokenSchema,
  page: v.optional(pageSchema),
  language: v.optional(languageSchema),
  timeZone: v.optional(timeZoneSchema),
})
export type VisitorHello = v.InferOutput<typeof visitorHelloSchema>

export const visitorCommandSchemas = {
  /** `conversationId` is drawn by the client; with `start` the conversation is created if it is not there. */
  'message.send': command('message.send', {
    conversationId: idSchema,
    clientId: idSchema,
    text: messageTextSchema,
    start: v.optional(startSchema),
  }),
  'conversation.resume': resume,
  'conversation.list': command('conversation.list', {}),
  /** Ends the chat. */
  'conversation.close': command('conversation.close', { conversationId: idSchema }),
  'read.set': read,
  'typing.set': typing,
  'contact.set': command('contact.set', { conversationId: idSchema, ...contactFields }),
  'page.set': command('page.set', { page: pageSchema }),
  ping: ping,
} as const
export type VisitorCommandType = keyof typeof visitorCommandSchemas
export type VisitorCommand = {
  [Type in VisitorCommandType]: v.InferOutput<(typeof visitorCommandSchemas)[Type]>
}[VisitorCommandType]

/* ---- agent ---- */

export const agentHelloSchema = v.strictObject({
  type: v.literal('hello'),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  ticket: v.pipe(v.string(), v.minLength(20), v.maxLength(100)),
})
export type AgentHello = v.InferOutput<typeof agentHelloSchema>

export const agentCommandSchemas = {
  'message.send': command('message.send', {
    conversationId: idSchema,
    clientId: idSchema,
    text: messageTextSchema,
  }),
  'note.send': command('note.send', {
    conversationId: idSchema,
    clientId: idSchema,
    text: messageTextSchema,
  }),
  'conversation.resume': resume,
  'conversation.details': command('conversation.details', { conversationId: idSchema }),
  /** One page of a view, newest first; `before` is the `updatedAt` + `id` cursor of the page before. */
  'conversation.list': command('conversation.list', {
    view: v.picklist(['mine', 'queue', 'team', 'closed']),
    cursor: v.optional(v.pipe(v.string(), v.maxLength(120))),
  }),
  'offer.accept': command('offer.accept', { conversationId: idSchema, offerId: idSchema }),
  'offer.decline': command('offer.decline', {
    conversationId: idSchema,
    offerId: idSchema,
    reason: v.optional(lineSchema(limits.reason)),
  }),
  /** Takes a waiting conversation out of the queue. */
  'conversation.claim': command('conversation.claim', { conversationId: idSchema }),
  'conversation.close': command('conversation.close', { conversationId: idSchema }),
  'conversation.reopen': command('conversation.reopen', { conversationId: idSchema }),
  'read.set': read,
  'typing.set': typing,
  'status.set': command('status.set', { status: v.picklist(agentStatuses) }),
  'capacity.set': command('capacity.set', {
    capacity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)),
  }),
  ping: ping,
} as const
export type AgentCommandType = keyof typeof agentCommandSchemas
export type AgentCommand = {
  [Type in AgentCommandType]: v.InferOutput<(typeof agentCommandSchemas)[Type]>
}[AgentCommandType]

/** The answer to the server's `ping` push; carries nothing. */
export const pongSchema = v.strictObject({ type: v.literal('pong') })

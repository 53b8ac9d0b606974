import * as v from 'valibot'

import {
  agentFaceSchema,
  agentStatuses,
  colleagueSchema,
  conversationDetailsSchema,
  conversationRowSchema,
  roles,
  visitorConversationSchema,
} from './conversation.ts'
import { idSchema, refSchema, seqSchema, timeSchema } from './primitives.ts'
import { timelineEventSchema } from './timeline-event.ts'

/*
 * Server to client. Loose objects: an older client ignores fields and whole types that it does not know.
 */

/* ---- answers to commands ---- */

export const okSchema = v.object({ type: v.literal('ok'), ref: refSchema, result: v.unknown() })
export const failedSchema = v.object({
  type: v.literal('failed'),
  ref: refSchema,
  code: v.string(),
  message: v.string(),
  isRetryable: v.boolean(),
  retryAfterMs: v.optional(v.number()),
  /** With `already-claimed`: who has it. */
  holder: v.optional(v.string()),
})
export type Ok = v.InferOutput<typeof okSchema>
export type Failed = v.InferOutput<typeof failedSchema>

/**
 * Answer to `message.send`, `note.send` and whatever else writes one event: durable when it arrives.
 * The socket that asked gets the event here and not as a push; every other socket gets the push.
 */
export const sentSchema = v.object({ event: timelineEventSchema })
export type Sent = v.InferOutput<typeof sentSchema>

const cursorsSchema = v.object({ visitorReadSeq: seqSchema, agentReadSeq: seqSchema })

/** Answer to `conversation.resume`. Ask again from the last seq while `hasMore`. */
export const resumedSchema = v.object({
  events: v.array(v.unknown()),
  hasMore: v.boolean(),
  ...cursorsSchema.entries,
})
export type Resumed = v.InferOutput<typeof resumedSchema>

/* ---- pushes to both sides ---- */

const eventPush = v.object({ type: v.literal('event'), event: timelineEventSchema })
const typingPush = v.object({
  type: v.literal('typing'),
  conversationId: idSchema,
  by: v.object({ kind: v.picklist(['visitor', 'agent']), id: idSchema }),
  isTyping: v.boolean(),
  text: v.optional(v.string()),
})
const readPush = v.object({
  type: v.literal('read'),
  conversationId: idSchema,
  by: v.picklist(['visitor', 'agent']),
  seq: seqSchema,
})
/** Answer with `pong`, at once. */
const pingPush = v.object({ type: v.literal('ping') })
/** The server is about to stop: reconnect after `retryInMs` (already spread over the clients). */
const drainPush = v.object({ type: v.literal('drain'), retryInMs: v.number() })
/** What this client holds of a conversation can't be continued: forget it and resume from 0. */
const resyncPush = v.object({ type: v.literal('resync'), conversationId: idSchema })
/** The last word before the socket closes. */
const byePush = v.object({
  type: v.literal('bye'),
  code: v.string(),
  message: v.string(),
  retryAfterMs: v.optional(v.number()),
})

/* ---- visitor ---- */

const teamSchema = v.object({
  /** Somebody who can take a chat is there now. */
  isAvailable: v.boolean(),
  /** Up to three who are there; empty where the site does not show them. */
  faces: v.array(agentFaceSchema),
  /** Median first answer of the last days, ms; null while there are too few to tell. */
  usualAnswerMs: v.nullable(v.number()),
})
export type Team = v.InferOutput<typeof teamSchema>

export const visitorWelcomeSchema = v.object({
  type: v.literal('welcome'),
  version: v.number(),
  serverTime: timeSchema,
  site: v.object({ name: v.string(), isTypingPreviewOn: v.boolean() }),
  visitor: v.object({ name: v.nullable(v.string()), hasEmail: v.boolean() }),
  team: teamSchema,
  /** Newest first. */
  conversations: v.array(visitorConversationSchema),
})
export type VisitorWelcome = v.InferOutput<typeof visitorWelcomeSchema>

export const visitorPushSchemas = {
  welcome: visitorWelcomeSchema,
  event: eventPush,
  typing: typingPush,
  read: readPush,
  ping: pingPush,
  drain: drainPush,
  resync: resyncPush,
  bye: byePush,
  /** The conversation as it is now: status, agent, place, unread. */
  conversation: v.object({
    type: v.literal('conversation'),
    conversation: visitorConversationSchema,
  }),
  team: v.object({ type: v.literal('team'), team: teamSchema }),
} as const
export type VisitorPush = {
  [Type in keyof typeof visitorPushSchemas]: v.InferOutput<(typeof visitorPushSchemas)[Type]>
}[keyof typeof visitorPushSchemas]

/* ---- agent ---- */

export const viewCountsSchema = v.object({ mine: v.number(), queue: v.number(), team: v.number() })
export type ViewCounts = v.InferOutput<typeof viewCountsSchema>

export const listedSchema = v.object({
  rows: v.array(conversationRowSchema),
  nextCursor: v.nullable(v.string()),
})
export type Listed = v.InferOutput<typeof listedSchema>

export const agentWelcomeSchema = v.object({
  type: v.literal('welcome'),
  version: v.number(),
  serverTime: timeSchema,
  me: v.object({
    id: idSchema,
    name: v.string(),
    email: v.string(),
    role: v.picklist(roles),
    status: v.picklist(agentStatuses),
    capacity: v.number(),
    departmentIds: v.array(idSchema),
  }),
  colleagues: v.array(colleagueSchema),
  departments: v.array(v.object({ id: idSchema, name: v.string() })),
  sites: v.array(v.object({ id: idSchema, name: v.string() })),
  counts: viewCountsSchema,
  /** Everything of mine (held and offered), then the first page of the queue and of the team. */
  rows: v.array(conversationRowSchema),
})
export type AgentWelcome = v.InferOutput<typeof agentWelcomeSchema>

export const agentPushSchemas = {
  welcome: agentWelcomeSchema,
  event: eventPush,
  typing: typingPush,
  read: readPush,
  ping: pingPush,
  drain: drainPush,
  resync: resyncPush,
  bye: byePush,
  /** Rows that changed, whole; coalesced, so that a busy inbox costs a few frames a second. */
  rows: v.object({
    type: v.literal('rows'),
    rows: v.array(conversationRowSchema),
    counts: viewCountsSchema,
  }),
  /** Rows that this agent may no longer see. */
  'rows.gone': v.object({ type: v.literal('rows.gone'), ids: v.array(idSchema) }),
  details: v.object({ type: v.literal('details'), details: conversationDetailsSchema }),
  /** A chat is offered to me: ring until `deadlineAt`. The row comes with it. */
  offer: v.object({
    type: v.literal('offer'),
    offerId: idSchema,
    row: conversationRowSchema,
    firstWords: v.string(),
    deadlineAt: timeSchema,
    serverTime: timeSchema,
  }),
  /** The offer is over: accepted (perhaps in another tab), declined, expired, withdrawn or taken by somebody. */
  'offer.gone': v.object({
    type: v.literal('offer.gone'),
    offerId: idSchema,
    conversationId: idSchema,
  }),
  colleagues: v.object({ type: v.literal('colleagues'), colleagues: v.array(colleagueSchema) }),
  /** My own status, capacity, role or name changed (perhaps in another tab). */
  me: v.object({ type: v.literal('me'), me: agentWelcomeSchema.entries.me }),
} as const
export type AgentPush = {
  [Type in keyof typeof agentPushSchemas]: v.InferOutput<(typeof agentPushSchemas)[Type]>
}[keyof typeof agentPushSchemas]

import * as v from 'valibot'

import { idSchema, seqSchema, timeSchema } from './primitives.ts'

/** A conversation is at every moment exactly one of these. `bot` and `snoozed` are reserved; nothing sets them yet. */
export const conversationStatuses = [
  'bot',
  'queued',
  'offered',
  'assigned',
  'snoozed',
  'closed',
] as const
export type ConversationStatus = (typeof conversationStatuses)[number]

export const priorities = ['normal', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]

export const agentStatuses = ['online', 'busy', 'away'] as const
export type AgentStatus = (typeof agentStatuses)[number]

export const roles = ['admin', 'supervisor', 'agent'] as const
export type Role = (typeof roles)[number]

/** What a visitor may know of an agent. */
export const agentFaceSchema = v.object({ id: idSchema, name: v.string() })
export type AgentFace = v.InferOutput<typeof agentFaceSchema>

/** A conversation as its visitor sees it. */
export const visitorConversationSchema = v.object({
  id: idSchema,
  /** `waiting` covers queued and offered: a visitor is not told to whom a chat is offered. */
  status: v.picklist(['waiting', 'active', 'closed']),
  agent: v.nullable(v.object({ ...agentFaceSchema.entries, isPresent: v.boolean() })),
  /** Name of the department that answers. */
  department: v.string(),
  /** Last seq that this visitor can see. */
  lastSeq: seqSchema,
  /** How far the visitor, and how far an agent, has read. */
  visitorReadSeq: seqSchema,
  agentReadSeq: seqSchema,
  /** Messages of agents after `visitorReadSeq`. */
  unread: v.number(),
  lastMessage: v.nullable(v.object({ text: v.string(), isMine: v.boolean(), at: timeSchema })),
  /** 1 is next. Null when not waiting. */
  place: v.nullable(v.number()),
  startedAt: timeSchema,
  closedAt: v.nullable(timeSchema),
})
export type VisitorConversation = v.InferOutput<typeof visitorConversationSchema>

/** A row of the console's lists. */
export const conversationRowSchema = v.object({
  id: idSchema,
  status: v.picklist(conversationStatuses),
  siteId: idSchema,
  departmentId: idSchema,
  priority: v.picklist(priorities),
  /** Null for an anonymous visitor: the console says "Visitor" or "Visitor from Riga". */
  visitorName: v.nullable(v.string()),
  visitorId: idSchema,
  /** Steady hue of this visitor, 0–359. */
  hue: v.number(),
  isVisitorPresent: v.boolean(),
  timeZone: v.nullable(v.string()),
  assigneeId: v.nullable(idSchema),
  /** Set while `offered`. */
  offer: v.nullable(v.object({ id: idSchema, agentId: idSchema, deadlineAt: timeSchema })),
  lastSeq: seqSchema,
  agentReadSeq: seqSchema,
  visitorReadSeq: seqSchema,
  /** Visitor messages after `agentReadSeq`. */
  unread: v.number(),
  lastMessage: v.nullable(
    v.object({
      text: v.string(),
      author: v.picklist(['visitor', 'agent', 'note']),
      authorId: idSchema,
      at: timeSchema,
    }),
  ),
  startedAt: timeSchema,
  /** Since when it waits in the queue; null when it does not. */
  queuedAt: v.nullable(timeSchema),
  /** Since when the visitor waits for an agent's words; null when it is the visitor's turn. */
  waitingSince: v.nullable(timeSchema),
  closedAt: v.nullable(timeSchema),
  updatedAt: timeSchema,
})
export type ConversationRow = v.InferOutput<typeof conversationRowSchema>

/** What the details pane shows. */
export const conversationDetailsSchema = v.object({
  conversationId: idSchema,
  visitor: v.object({
    id: idSchema,
    name: v.nullable(v.string()),
    email: v.nullable(v.string()),
    hue: v.number(),
    firstSeenAt: timeSchema,
  }),
  page: v.nullable(v.object({ url: v.string(), title: v.string() })),
  startPage: v.nullable(v.object({ url: v.string(), title: v.string() })),
  referrer: v.nullable(v.string()),
  language: v.nullable(v.string()),
  timeZone: v.nullable(v.string()),
  /** As "Firefox 150, Windows"; null when unknown. */
  browser: v.nullable(v.string()),
  siteName: v.string(),
  departmentName: v.string(),
  earlier: v.array(
    v.object({
      id: idSchema,
      startedAt: timeSchema,
      closedAt: v.nullable(timeSchema),
      firstWords: v.string(),
    }),
  ),
})
export type ConversationDetails = v.InferOutput<typeof conversationDetailsSchema>

/** An agent as colleagues see them. */
export const colleagueSchema = v.object({
  id: idSchema,
  name: v.string(),
  role: v.picklist(roles),
  status: v.picklist(agentStatuses),
  isPresent: v.boolean(),
  isDisabled: v.boolean(),
  capacity: v.number(),
  /** Conversations held or offered now. */
  load: v.number(),
  departmentIds: v.array(idSchema),
})
export type Colleague = v.InferOutput<typeof colleagueSchema>

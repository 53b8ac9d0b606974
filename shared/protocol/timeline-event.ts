import * as v from 'valibot'

import { idSchema, seqSchema, timeSchema } from './primitives.ts'

/**
 * One entry of a conversation's history, as the wire carries it.
 * `seq` counts every event of the conversation, 1..n without holes. `prev` is the seq before it
 * that this audience can see (0 for the first), so that a note is no hole to a visitor (SPEC 5).
 */
const common = {
  conversationId: idSchema,
  id: idSchema,
  seq: seqSchema,
  prev: seqSchema,
  at: timeSchema,
}

const authorSchema = v.object({
  kind: v.picklist(['visitor', 'agent']),
  id: idSchema,
  /** Display name; null for an anonymous visitor. */
  name: v.nullable(v.string()),
})

const agentSchema = v.object({ id: idSchema, name: v.string() })

/** Why a conversation (re-)entered the queue. */
export const queueReasons = [
  'new',
  'declined',
  'expired',
  'agent-lost',
  'agent-disabled',
  'agent-left-department',
  'reopened',
  'offer-withdrawn',
  'repaired',
] as const

export const timelineEventSchema = v.variant('type', [
  v.object({
    ...common,
    type: v.literal('message'),
    author: authorSchema,
    clientId: idSchema,
    text: v.string(),
  }),
  /** Agents only. */
  v.object({
    ...common,
    type: v.literal('note'),
    author: authorSchema,
    clientId: idSchema,
    text: v.string(),
  }),
  v.object({
    ...common,
    type: v.literal('created'),
    page: v.nullable(v.object({ url: v.string(), title: v.string() })),
  }),
  /** Agents only. */
  v.object({ ...common, type: v.literal('queued'), reason: v.picklist(queueReasons) }),
  /** Agents only. */
  v.object({ ...common, type: v.literal('offered'), agent: agentSchema, deadlineAt: timeSchema }),
  /** Agents only. */
  v.object({
    ...common,
    type: v.literal('declined'),
    agent: agentSchema,
    reason: v.nullable(v.string()),
  }),
  /** Agents only. */
  v.object({ ...common, type: v.literal('expired'), agent: agentSchema }),
  v.object({
    ...common,
    type: v.literal('assigned'),
    agent: agentSchema,
    how: v.picklist(['accepted', 'claimed', 'reopened']),
    /** How long the visitor had waited in the queue, ms. */
    waitedMs: v.number(),
  }),
  /** Agents only: the agent was lost, disabled or left the department. */
  v.object({
    ...common,
    type: v.literal('unassigned'),
    agent: agentSchema,
    reason: v.picklist(queueReasons),
  }),
  /** Agents only: the visitor left a name or an e-mail address. */
  v.object({
    ...common,
    type: v.literal('contact'),
    name: v.nullable(v.string()),
    email: v.nullable(v.string()),
  }),
  v.object({
    ...common,
    type: v.literal('closed'),
    by: v.picklist(['visitor', 'agent', 'system']),
    agent: v.nullable(agentSchema),
  }),
  v.object({
    ...common,
    type: v.literal('reopened'),
    by: v.picklist(['visitor', 'agent']),
    agent: v.nullable(agentSchema),
  }),
])
export type TimelineEvent = v.InferOutput<typeof timelineEventSchema>
export type TimelineEventType = TimelineEvent['type']

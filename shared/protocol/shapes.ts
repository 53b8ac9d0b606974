import type { Answer, Decoded } from './codec.ts'
import type { Resumed, Sent, VisitorPush } from './events.ts'
import type { TimelineEvent } from './timeline-event.ts'

/*
 * The shapes of what a server sends, for the widget, where every byte counts: a fifth of what the schemas and
 * valibot weigh. They check what a client leans on, which is the kind of every field; bounds and patterns are the
 * business of the server, which the client was loaded from. `test/protocol/shapes.test.ts` holds them to the schemas.
 */

type Check = (value: unknown) => boolean
type Shape = Readonly<Record<string, Check>>

const isKind =
  (kind: 'string' | 'number' | 'boolean'): Check =>
  (value) =>
    typeof value === kind
const text = isKind('string')
const number = isKind('number')
const flag = isKind('boolean')
const anything: Check = (value) => value !== undefined

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value as string)
const object =
  (shape: Shape): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([name, check]) => check((value as Record<string, unknown>)[name]))

const named = { id: text, name: text }
const agent = object(named)
const either = oneOf('visitor', 'agent')
const page = orNull(object({ url: text, title: text }))
const place = { seq: number, prev: number }
const author = object({ kind: either, id: text, name: orNull(text) })
const words = { author, clientId: text, text }
const reason = oneOf(
  'new',
  'declined',
  'expired',
  'agent-lost',
  'agent-disabled',
  'agent-left-department',
  'reopened',
  'offer-withdrawn',
  'repaired',
)

const eventShapes: Record<TimelineEvent['type'], Shape> = {
  message: words,
  note: words,
  created: { page },
  queued: { reason },
  offered: { agent, deadlineAt: number },
  declined: { agent, reason: orNull(text) },
  expired: { agent },
  assigned: { agent, how: oneOf('accepted', 'claimed', 'reopened'), waitedMs: number },
  unassigned: { agent, reason },
  contact: { name: orNull(text), email: orNull(text) },
  closed: { by: oneOf('visitor', 'agent', 'system'), agent: orNull(agent) },
  reopened: { by: either, agent: orNull(agent) },
}

/** A Map, not the object: `type` comes from outside and must not reach a prototype. */
const toTable = (shapes: Record<string, Shape>) =>
  new Map(Object.entries(shapes).map(([type, shape]) => [type, object(shape)]))

const events = toTable(eventShapes)
const common = object({ conversationId: text, id: text, at: number, ...place })

const isEvent: Check = (raw) =>
  common(raw) && events.get((raw as { type: string }).type)?.(raw) === true

/** Reads one event of a resume. Undefined for a type that this client does not know. Never throws. */
export const readEvent = (raw: unknown) => (isEvent(raw) ? (raw as TimelineEvent) : undefined)

/** The answer to what writes one event. */
export const isSent = object({ event: isEvent }) as (raw: unknown) => raw is Sent

/** A page of a resume. Its events are read one by one: some may be of a later version. */
export const isResumed = object({
  events: list(anything),
  hasMore: flag,
  visitorReadSeq: number,
  agentReadSeq: number,
}) as (raw: unknown) => raw is Resumed

/** What every event has, also one of a type that this client does not know. */
export const isPlace = object(place) as (raw: unknown) => raw is { seq: number; prev: number }

const team = object({
  isAvailable: flag,
  faces: list(agent),
  usualAnswerMs: orNull(number),
})
const conversation = object({
  id: text,
  status: oneOf('waiting', 'active', 'closed'),
  agent: orNull(object({ ...named, isPresent: flag })),
  department: text,
  lastSeq: number,
  visitorReadSeq: number,
  agentReadSeq: number,
  unread: number,
  lastMessage: orNull(object({ text, isMine: flag, at: number })),
  place: orNull(number),
  startedAt: number,
  closedAt: orNull(number),
})

const pushShapes: Record<VisitorPush['type'] | Answer['type'], Shape> = {
  ok: { ref: text, result: anything },
  failed: {
    ref: text,
    code: text,
    message: text,
    isRetryable: flag,
    retryAfterMs: optional(number),
    holder: optional(text),
  },
  welcome: {
    version: number,
    serverTime: number,
    site: object({ name: text, isTypingPreviewOn: flag }),
    visitor: object({ name: orNull(text), hasEmail: flag }),
    team,
    conversations: list(conversation),
  },
  event: { event: isEvent },
  typing: {
    conversationId: text,
    by: object({ kind: either, id: text }),
    isTyping: flag,
    text: optional(text),
  },
  read: { conversationId: text, by: either, seq: number },
  ping: {},
  drain: { retryInMs: number },
  resync: { conversationId: text },
  bye: { code: text, message: text, retryAfterMs: optional(number) },
  conversation: { conversation },
  team: { team },
}
const pushes = toTable(pushShapes)

/** Decodes what a server sends to a visitor. Never throws; `unknown` is a type of a later version, to be dropped. */
export function decodeVisitorPush(frame: string): Decoded<VisitorPush | Answer> {
  let value: unknown
  try {
    value = JSON.parse(frame)
  } catch {
    // Told below, like everything else that is not an object with a type.
  }
  const type = object({ type: text })(value) ? (value as { type: string }).type : undefined
  const check = type === undefined ? undefined : pushes.get(type)
  if (check?.(value)) return { ok: true, value: value as VisitorPush | Answer }
  return { ok: false, code: type !== undefined && !check ? 'unknown' : 'bad-frame', detail: '' }
}

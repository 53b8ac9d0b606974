import type { Keep } from '../../console/surroundings/keep.ts'
import type { Me } from '../../shared/api/api.ts'
import type { ConversationDetails, ConversationRow } from '../../shared/protocol/conversation.ts'
import type { AgentWelcome } from '../../shared/protocol/events.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'

export const dana: Me = {
  id: 'agent-dana',
  name: 'Dana Kalniņa',
  email: 'dana@example.com',
  role: 'agent',
  capacity: 3,
}
export const conversationId = 'conversation-1'
export const startedAt = Date.UTC(2026, 10, 3, 12, 0)

/** A conversation that waits in the queue, unless told otherwise. */
export function makeRow(more: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: conversationId,
    status: 'queued',
    siteId: 'site-one',
    departmentId: 'department-one',
    priority: 'normal',
    visitorName: 'Marta Bērziņa',
    visitorId: 'visitor-marta',
    hue: 150,
    isVisitorPresent: true,
    timeZone: 'Europe/Riga',
    assigneeId: null,
    offer: null,
    lastSeq: 2,
    agentReadSeq: 0,
    visitorReadSeq: 2,
    unread: 1,
    lastMessage: { text: 'Hello', author: 'visitor', authorId: 'visitor-marta', at: startedAt },
    startedAt,
    queuedAt: startedAt,
    waitingSince: startedAt,
    closedAt: null,
    updatedAt: startedAt,
    ...more,
  }
}

/** One that this agent holds. */
export const makeMine = (more: Partial<ConversationRow> = {}) =>
  makeRow({ status: 'assigned', assigneeId: dana.id, queuedAt: null, ...more })

export function makeWelcome(more: Partial<AgentWelcome> = {}): AgentWelcome {
  return {
    type: 'welcome',
    version: 1,
    serverTime: 1_000_000,
    me: { ...dana, status: 'online', departmentIds: ['department-one'] },
    colleagues: [
      {
        id: 'agent-juris',
        name: 'Juris',
        role: 'agent',
        status: 'online',
        isPresent: true,
        isDisabled: false,
        capacity: 3,
        load: 1,
        departmentIds: ['department-one'],
      },
    ],
    departments: [{ id: 'department-one', name: 'Support' }],
    sites: [{ id: 'site-one', name: 'Shop' }],
    counts: { mine: 0, queue: 0, team: 0 },
    rows: [],
    ...more,
  }
}

export function makeDetails(more: Partial<ConversationDetails> = {}): ConversationDetails {
  return {
    conversationId,
    visitor: {
      id: 'visitor-marta',
      name: 'Marta Bērziņa',
      email: 'marta@example.com',
      hue: 150,
      firstSeenAt: startedAt,
    },
    page: { url: 'https://shop.example.com/checkout', title: 'Checkout' },
    startPage: null,
    referrer: null,
    language: 'lv',
    timeZone: 'Europe/Riga',
    browser: 'Firefox 150, Windows',
    siteName: 'Shop',
    departmentName: 'Support',
    earlier: [],
    ...more,
  }
}

type Distributed<Event> = Event extends TimelineEvent
  ? Omit<Event, 'conversationId' | 'id' | 'seq' | 'prev' | 'at'> & { at?: number }
  : never

/** Gives events their places: ids, seqs without holes, and a second between them. */
export function makeHistory(events: readonly Distributed<TimelineEvent>[]): TimelineEvent[] {
  return events.map((event, index) => ({
    at: startedAt + index * 1000,
    ...event,
    conversationId,
    id: `event-id-${index + 1}`,
    seq: index + 1,
    prev: index,
  }))
}

const marta = { kind: 'visitor', id: 'visitor-marta', name: 'Marta Bērziņa' } as const
const me = { kind: 'agent', id: dana.id, name: dana.name } as const
let drawn = 0
const clientId = () => `client-id-${++drawn}`

export const fromVisitor = (text: string, at?: number) =>
  ({ type: 'message', author: marta, clientId: clientId(), text, ...(at && { at }) }) as const
export const fromMe = (text: string, at?: number) =>
  ({ type: 'message', author: me, clientId: clientId(), text, ...(at && { at }) }) as const
export const noteOfMine = (text: string) =>
  ({ type: 'note', author: me, clientId: clientId(), text }) as const

/** A keep in memory; `tabs` of one browser share the same map. */
export function createMemoryKeep(texts = new Map<string, string>()): Keep {
  return {
    read: (name) => texts.get(name),
    write: (name, text) => void texts.set(name, text),
    remove: (name) => void texts.delete(name),
    names: (prefix) => [...texts.keys()].filter((name) => name.startsWith(prefix)),
    onForeignChange: () => () => {},
  }
}

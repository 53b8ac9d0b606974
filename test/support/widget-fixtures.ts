import type { OpenSocket, SocketEvents } from '../../shared/connection/types.ts'
import type { VisitorConversation } from '../../shared/protocol/conversation.ts'
import type { VisitorWelcome } from '../../shared/protocol/events.ts'
import type { LoaderConfig } from '../../shared/protocol/site-settings.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import { fnv1a } from '../../shared/text/fnv1a.ts'
import type { Kept } from '../../widget/panel/storage.ts'

export const dana = { id: 'agent-dana', name: 'Dana' }
export const at = Date.UTC(2026, 10, 3, 14, 2, 5)

export function makeConfig(more: Partial<LoaderConfig> = {}): LoaderConfig {
  return {
    key: 'sitekey',
    url: 'https://chat.example.com',
    panel: '/w/assets/panel.js',
    siteName: 'Shop',
    origins: [fnv1a('http://localhost:3000')],
    settings: {
      accent: '#4263e0',
      side: 'end',
      theme: 'auto',
      welcome: 'Hi there. How can we help?',
      showAgents: true,
      typingPreview: false,
    },
    ...more,
  }
}

export function makeConversation(more: Partial<VisitorConversation> = {}): VisitorConversation {
  return {
    id: 'conversation-1',
    status: 'active',
    agent: { ...dana, isPresent: true },
    department: 'Support',
    lastSeq: 1,
    visitorReadSeq: 0,
    agentReadSeq: 0,
    unread: 0,
    lastMessage: null,
    place: null,
    startedAt: at,
    closedAt: null,
    ...more,
  }
}

export function makeWelcome(more: Partial<VisitorWelcome> = {}): VisitorWelcome {
  return {
    type: 'welcome',
    version: 1,
    serverTime: at,
    site: { name: 'Shop', isTypingPreviewOn: false },
    visitor: { name: null, hasEmail: false },
    team: { isAvailable: true, faces: [dana], usualAnswerMs: 40_000 },
    conversations: [],
    ...more,
  }
}

type Message = Extract<TimelineEvent, { type: 'message' }>

/** A message with this seq; from the agent unless `isMine`. */
export function makeMessage(
  seq: number,
  text: string,
  { isMine = false, ...more }: Partial<Message> & { isMine?: boolean } = {},
): Message {
  return {
    type: 'message',
    conversationId: 'conversation-1',
    id: `event-${seq}-xx`,
    clientId: `client-${seq}`,
    seq,
    prev: seq - 1,
    at,
    text,
    author: isMine
      ? { kind: 'visitor', id: 'visitor-marta', name: null }
      : { kind: 'agent', ...dana },
    ...more,
  }
}

/** Storage that ends with the test. */
export function makeKept(values: Record<string, string> = {}): Kept {
  const map = new Map(Object.entries(values))
  return {
    get: (key) => map.get(key),
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
    keys: (start) => [...map.keys()].filter((key) => key.startsWith(start)),
    clear: () => map.clear(),
  }
}

type Frame = { type: string; ref?: string; [field: string]: unknown }

/** The server's end of a visitor's sockets: it says what the test makes it say. */
export function makeServer({ welcome = makeWelcome(), history = [] as TimelineEvent[] } = {}) {
  const heard: Frame[] = []
  const open = new Set<SocketEvents>()
  const server = {
    heard,
    history,
    welcome,
    /** Answers a command; undefined leaves it without an answer. */
    answer: (frame: Frame): object | undefined => {
      if (frame.type === 'conversation.resume') {
        const isAsked = ({ conversationId, seq }: TimelineEvent) =>
          conversationId === frame['conversationId'] && seq > Number(frame['after'])
        const events = history.filter(isAsked)
        return { events, hasMore: false, visitorReadSeq: 0, agentReadSeq: 0 }
      }
      return frame.type === 'message.send' ? undefined : {}
    },
    /** With these `hello` is refused. */
    refusal: undefined as { code: string; message: string } | undefined,
    /** Nobody answers the door. */
    isDown: false,
    all: (type: string) => heard.filter((frame) => frame.type === type),
    push(frame: object) {
      for (const { onText } of open) onText(JSON.stringify(frame))
    },
    cut() {
      const cut = [...open]
      open.clear()
      for (const { onClose } of cut) onClose(1006, '')
    },
    openSocket: ((events) => {
      open.add(events)
      queueMicrotask(() => {
        if (server.isDown) server.cut()
        else if (open.has(events)) events.onOpen()
      })
      return {
        send(text) {
          const frame = JSON.parse(text) as Frame
          heard.push(frame)
          queueMicrotask(() => {
            if (!open.has(events)) return
            events.onText(JSON.stringify(toAnswer(frame) ?? { type: 'nothing' }))
          })
        },
        close: () => open.delete(events),
      }
    }) satisfies OpenSocket,
  }

  function toAnswer(frame: Frame) {
    if (frame.type === 'hello')
      return server.refusal ? { type: 'bye', ...server.refusal } : server.welcome
    const result = server.answer(frame)
    return result && { type: 'ok', ref: frame.ref, result }
  }

  return server
}

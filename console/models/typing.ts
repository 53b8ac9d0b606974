import { signal, type ReadonlySignal } from '@preact/signals'

import type { Timers } from '../../shared/connection/types.ts'
import type { AgentConnection } from './inbox.ts'

export interface Typing {
  kind: 'visitor' | 'agent'
  id: string
  /** What is being typed, where the site shows it. */
  text: string | undefined
}

/** Nobody types for longer than this without saying so again. */
const fadesAfterMs = 8000

/** Who types where, by conversation. A colleague who types is seen too. */
export function createTyping(connection: AgentConnection, timers: Timers, myId: string) {
  const byConversation = signal<ReadonlyMap<string, Typing>>(new Map())
  const fades = new Map<string, () => void>()

  const clear = (conversationId: string) => {
    fades.get(conversationId)?.()
    fades.delete(conversationId)
    if (!byConversation.peek().has(conversationId)) return
    const next = new Map(byConversation.peek())
    next.delete(conversationId)
    byConversation.value = next
  }

  const stopPush = connection.onPush((push) => {
    if (push.type === 'typing') {
      const { conversationId, by, isTyping, text } = push
      if (by.kind === 'agent' && by.id === myId) return
      clear(conversationId)
      if (!isTyping) return
      byConversation.value = new Map(byConversation.peek()).set(conversationId, {
        ...by,
        text: text === '' ? undefined : text,
      })
      fades.set(
        conversationId,
        timers.after(fadesAfterMs, () => clear(conversationId)),
      )
    }
    // The words themselves have arrived.
    if (push.type === 'event' && push.event.type === 'message') {
      const { conversationId, author } = push.event
      if (byConversation.peek().get(conversationId)?.id === author.id) clear(conversationId)
    }
  })

  return {
    byConversation: byConversation as ReadonlySignal<ReadonlyMap<string, Typing>>,
    stop() {
      stopPush()
      for (const cancel of fades.values()) cancel()
    },
  }
}
export type TypingModel = ReturnType<typeof createTyping>

const repeatAfterMs = 2500
const pauseAfterMs = 4000

/** Says that I am typing: at once, then at most every few seconds, and once when I stop. */
export function createTypingSignal(send: (isTyping: boolean) => void, timers: Timers) {
  let isTyping = false
  let saidAt = Number.NEGATIVE_INFINITY
  let cancel = () => {}

  const stop = () => {
    cancel()
    if (!isTyping) return
    isTyping = false
    send(false)
  }
  return {
    typed(text: string) {
      if (text.trim() === '') return stop()
      cancel()
      cancel = timers.after(pauseAfterMs, stop)
      if (isTyping && timers.now() - saidAt < repeatAfterMs) return
      isTyping = true
      saidAt = timers.now()
      send(true)
    },
    stop,
  }
}

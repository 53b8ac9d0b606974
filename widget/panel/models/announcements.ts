import { effect, signal, type ReadonlySignal } from '@preact/signals-core'

import type { ChatStrings } from '../strings/chat.en.ts'
import type { Conversation } from './conversation.ts'

interface AnnouncementDeps {
  conversation: ReadonlySignal<Conversation | undefined>
  t: ChatStrings
}

/** What is said aloud to those who listen: new words, and the place in the queue. */
export function createAnnouncements({ conversation, t }: AnnouncementDeps) {
  const words = signal('')
  let heard: { id: string; seq: number; place: number } | undefined

  const stop = effect(() => {
    const shown = conversation.value
    if (!shown?.isLoaded.value) return
    const last = shown.fromAgents.value.at(-1)
    const now = { id: shown.id, seq: last?.seq ?? 0, place: shown.summary.value?.place ?? 0 }
    const before = heard
    heard = now
    // The history that was loaded is not news.
    if (now.id !== before?.id) return
    if (last && now.seq > before.seq) words.value = `${last.author.name ?? ''}: ${last.text}`
    else if (now.place && now.place !== before.place) words.value = t.place(now.place)
  })

  return { words, stop }
}

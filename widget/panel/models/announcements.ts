import { effect, signal, type ReadonlySignal } from '@preact/signals-core'

import type { Timers } from '../../../shared/connection/types.ts'
import type { ChatStrings } from '../strings/chat.en.ts'
import type { Conversation } from './conversation.ts'

interface AnnouncementDeps {
  conversation: ReadonlySignal<Conversation | undefined>
  timers: Timers
  t: ChatStrings
}

/** Long enough for a few quick messages to become one announcement. */
const collectMs = 1000
/** What was said is gone again, so that nobody finds the same words twice. */
const keepMs = 2000

/** What is said aloud to those who listen: new words, and the place in the queue. */
export function createAnnouncements({ conversation, timers, t }: AnnouncementDeps) {
  const words = signal('')
  let heard: { id: string; seq: number; place: number } | undefined

  let next: string[] = []
  let cancel: (() => void) | undefined

  function say(text: string) {
    next.push(text)
    cancel?.()
    cancel = timers.after(collectMs, () => {
      words.value = next.join(' ')
      next = []
      cancel = timers.after(keepMs, () => (words.value = ''))
    })
  }

  const stopListening = effect(() => {
    const shown = conversation.value
    if (!shown?.isLoaded.value) return
    const last = shown.fromAgents.value.at(-1)
    const now = { id: shown.id, seq: last?.seq ?? 0, place: shown.summary.value?.place ?? 0 }
    const before = heard
    heard = now
    // The history that was loaded is not news.
    if (now.id !== before?.id) return
    if (last && now.seq > before.seq) say(`${last.author.name ?? ''}: ${last.text}`)
    else if (now.place && now.place !== before.place) say(t.place(now.place))
  })

  return {
    words,
    stop() {
      stopListening()
      cancel?.()
    },
  }
}

import type { Timers } from '../../../shared/connection/types.ts'
import { limits } from '../../../shared/protocol/limits.ts'

/** With the preview on, the words travel more often than the mere sign. */
const everyMs = { sign: 3000, preview: 800 }
const idleMs = 5000

interface TypingDeps {
  timers: Timers
  hasPreview: () => boolean
  tell: (isTyping: boolean, text?: string) => void
}

/** Tells the other side that somebody is typing: seldom, and never for longer than it is true. */
export function createTyping({ timers, hasPreview, tell }: TypingDeps) {
  let isTyping = false
  let lastToldAt = 0
  let lastText = ''
  let cancelIdle: (() => void) | undefined
  let cancelNext: (() => void) | undefined

  function tellNow() {
    cancelNext?.()
    cancelNext = undefined
    lastToldAt = timers.now()
    if (hasPreview()) tell(true, lastText.slice(0, limits.previewText))
    else tell(true)
  }

  function stop() {
    cancelIdle?.()
    cancelNext?.()
    cancelNext = undefined
    lastToldAt = 0
    if (isTyping) tell(false)
    isTyping = false
  }

  return {
    /** The text is now this. */
    set(text: string) {
      if (!text.trim()) return stop()
      isTyping = true
      lastText = text
      cancelIdle?.()
      cancelIdle = timers.after(idleMs, stop)
      const wait = lastToldAt + (hasPreview() ? everyMs.preview : everyMs.sign) - timers.now()
      if (wait <= 0) tellNow()
      else if (hasPreview()) cancelNext ??= timers.after(wait, tellNow)
    },
    /** Sent, left or cleared. */
    stop,
  }
}

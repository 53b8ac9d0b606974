import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import { limits } from '../../../shared/protocol/limits.ts'
import { keys } from '../../mount-types.ts'
import type { Kept } from '../storage.ts'
import type { Strings } from '../strings/en.ts'
import { Icon } from './Icon.tsx'

interface ComposerProps {
  /** Which draft this is; it is kept until it is sent. */
  draft: string
  kept: Pick<Kept, 'get' | 'set' | 'remove'>
  t: Strings
  onSend: (text: string) => void
  onType: (text: string) => void
  onLeave: () => void
}

/** Counting begins when this many characters are left. */
const countFrom = 300

/** Where the visitor writes. Enter sends, Shift+Enter breaks the line. */
export function Composer({ draft, kept, t, onSend, onType, onLeave }: ComposerProps) {
  const key = keys.draft + draft
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const left = limits.messageText - text.length

  useEffect(() => setText(kept.get(key) ?? ''), [key])
  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    element.style.blockSize = '0'
    element.style.blockSize = `${Math.min(element.scrollHeight, 140)}px`
  }, [text])

  function change(now: string) {
    setText(now)
    if (now) kept.set(key, now)
    else kept.remove(key)
  }

  function send() {
    field.current?.focus()
    const words = toSendable(text)
    if (!words || left < 0) return
    change('')
    onSend(words)
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        aria-label={t.message}
        placeholder={t.writeAMessage}
        aria-invalid={left < 0}
        enterkeyhint="send"
        value={text}
        onInput={({ currentTarget: { value } }) => {
          change(value)
          onType(value)
        }}
        onBlur={onLeave}
        onKeyDown={(event) => {
          // While an input method composes, Enter chooses a word. Safari says so by the code 229 only.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229)
            return
          event.preventDefault()
          send()
        }}
      />
      {left < countFrom && (
        <output class={left < 0 ? 'bad' : ''}>{left < 0 ? t.tooLong(-left) : left}</output>
      )}
      <button class="go" aria-label={t.sendMessage} aria-disabled={!text.trim() || left < 0}>
        <Icon name="send" />
      </button>
    </form>
  )
}

/** Without the blanks around it, and without the broken characters that the server refuses. */
function toSendable(text: string) {
  return text.replace(/\p{Cs}|\0/gu, '').trim()
}

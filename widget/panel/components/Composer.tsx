import { limits } from '../../../shared/protocol/limits.ts'
import type { Strings } from '../strings/en.ts'
import { Icon } from './Icon.tsx'

interface ComposerProps {
  text: string
  t: Strings
  onType: (text: string) => void
  onLeave: () => void
  onSend: (text: string) => void
}

/** Counting begins when this many characters are left. */
const countFrom = 300

/** Where the visitor writes. Enter sends, Shift+Enter breaks the line. */
export function Composer({ text, t, onType, onLeave, onSend }: ComposerProps) {
  const left = limits.messageText - text.length

  function send(form: HTMLFormElement | null) {
    form?.querySelector('textarea')?.focus()
    // Without the blanks around it, and without the broken characters that the server refuses.
    const words = text.replace(/\p{Cs}|\0/gu, '').trim()
    if (words && left >= 0) onSend(words)
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send(event.currentTarget)
      }}
    >
      <textarea
        ref={(field) => grow(field)}
        rows={1}
        dir="auto"
        aria-label={t.message}
        placeholder={t.writeAMessage}
        aria-invalid={left < 0}
        enterkeyhint="send"
        value={text}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
        onBlur={onLeave}
        onKeyDown={(event) => {
          // While an input method composes, Enter chooses a word. Safari says so by the code 229 only.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229)
            return
          event.preventDefault()
          send(event.currentTarget.form)
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

/** As high as its lines, up to a third of a small screen. */
function grow(field: HTMLTextAreaElement | null) {
  if (!field) return
  field.style.blockSize = '0'
  field.style.blockSize = `${Math.min(field.scrollHeight, 140)}px`
}

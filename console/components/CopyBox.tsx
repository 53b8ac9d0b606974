import { useRef, useState } from 'preact/hooks'

import { t } from '../strings/current.ts'
import { useApp } from './context.ts'
import { Icon } from './Icon.tsx'

/** Text to take along: selected by a click, copied by a button. */
export function CopyBox({ label, text }: { label: string; text: string }) {
  const { timers } = useApp()
  const box = useRef<HTMLElement>(null)
  const [isCopied, setCopied] = useState(false)

  const select = () => {
    if (box.current) getSelection()?.selectAllChildren(box.current)
  }
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      timers.after(2500, () => setCopied(false))
    } catch {
      // Without a secure origin the clipboard is closed: what is selected can be copied by hand.
      select()
    }
  }
  return (
    <div class="copy-box">
      <code
        ref={box}
        tabIndex={0}
        role="textbox"
        aria-readonly="true"
        aria-label={label}
        onClick={select}
      >
        {text}
      </code>
      <button type="button" class="button" onClick={() => void copy()}>
        <Icon name={isCopied ? 'check' : 'copy'} size="small" />
        <span role="status">{isCopied ? t.copied : t.copy}</span>
      </button>
    </div>
  )
}

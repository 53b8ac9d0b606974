import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

import { t } from '../strings/current.ts'
import { useApp } from './context.ts'
import { Icon } from './Icon.tsx'

/** Whether the list of shortcuts is open: it is asked for from several places. */
export const openHelp = signal(false)

const rows: readonly { name: keyof typeof t.help.rows; keys: readonly string[] }[] = [
  { name: 'next', keys: ['J', '↓'] },
  { name: 'previous', keys: ['K', '↑'] },
  { name: 'accept', keys: ['A', 'Enter'] },
  { name: 'reply', keys: ['R'] },
  { name: 'note', keys: ['N'] },
  { name: 'close', keys: ['E'] },
  { name: 'send', keys: ['Enter'] },
  { name: 'line', keys: ['Shift + Enter'] },
  { name: 'escape', keys: ['Esc'] },
  { name: 'help', keys: ['?'] },
]

/** The shortcuts, in a dialog of the browser's own: it keeps the focus and gives it back. */
export function HelpDialog() {
  const { preferences } = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const isOpen = openHelp.value
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal()
    if (!isOpen && dialog.current?.open) dialog.current.close()
  }, [isOpen])
  const close = () => {
    openHelp.value = false
  }

  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) close()
      }}
    >
      {isOpen && (
        <div class="dialog-body">
          <header>
            <h2 id="help-title">{t.help.title}</h2>
            <button type="button" class="icon-button" aria-label={t.help.close} onClick={close}>
              <Icon name="close" />
            </button>
          </header>
          {!preferences.hasShortcuts.value && <p class="hint">{t.help.off}</p>}
          <dl class="keys">
            {rows.map(({ name, keys }) => (
              <div key={name}>
                <dt>{t.help.rows[name]}</dt>
                <dd>
                  {keys.map((key, index) => (
                    <>
                      {index > 0 && <span> {t.help.or} </span>}
                      <kbd>{key}</kbd>
                    </>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </dialog>
  )
}

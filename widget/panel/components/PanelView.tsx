import { useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'

import type { Panel } from '../models/panel.ts'
import type { Strings } from '../strings/en.ts'
import type { When } from '../when.ts'
import { Announcer } from './Announcer.tsx'
import { Chat } from './Chat.tsx'
import { Composer } from './Composer.tsx'
import { ConnectionNotice } from './ConnectionNotice.tsx'
import { Home } from './Home.tsx'

interface PanelViewProps {
  panel: Panel
  t: Strings
  when: When
}

/** The whole chat: home or a conversation above, and the place to write below both. */
export function PanelView({ panel, t, when }: PanelViewProps) {
  const { config, isOpen, isFull, isDark, session, conversation } = panel
  const dialog = useRef<HTMLDivElement>(null)
  useSignalEffect(() => {
    // After the rendering that the same change causes.
    if (panel.focusWishes.value) queueMicrotask(() => setTimeout(() => takeFocus(dialog.current)))
  })

  const shown = conversation.value
  const canWrite = shown ? !shown.isClosed.value : !session.value?.openConversation.value
  return (
    <div
      ref={dialog}
      class={`panel ${config.settings.side}${isDark.value ? ' dark' : ''}${isFull.value ? ' full' : ''}`}
      role="dialog"
      aria-label={t.chat}
      aria-modal={isFull.value}
      tabIndex={-1}
      hidden={!isOpen.value}
      onKeyDown={(event) => {
        if (event.key === 'Escape') panel.dismiss()
        if (event.key === 'Tab' && isFull.value) loop(event)
      }}
    >
      {shown ? (
        <Chat key={shown.id} panel={panel} conversation={shown} t={t} when={when} />
      ) : (
        <Home panel={panel} t={t} when={when} />
      )}
      <footer>
        <ConnectionNotice text={findNotice(panel, t)} />
        {canWrite && session.value?.welcome.value?.site.isTypingPreviewOn && (
          <p class="hint">{t.previewIsOn}</p>
        )}
        {canWrite && (
          <Composer
            draft={shown?.isStarted.value ? shown.id : 'new'}
            kept={panel.kept}
            t={t}
            onSend={panel.send}
            onType={(text) => conversation.peek()?.typing.set(text)}
            onLeave={() => conversation.peek()?.typing.stop()}
          />
        )}
        {shown?.isClosed.value && (
          <button type="button" class="solid wide" onClick={panel.startNew}>
            {t.startNew}
          </button>
        )}
        <p class="by">{t.poweredBy}</p>
      </footer>
      <Announcer panel={panel} t={t} />
    </div>
  )
}

function findNotice({ hasLinkNotice, session }: Panel, t: Strings) {
  const link = session.value?.link.value
  if (!hasLinkNotice.value) return undefined
  if (link?.kind !== 'refused') return t.reconnecting
  return link.code === 'version-not-served' ? t.outdated : t.refused
}

/** To the composer, if there is one. */
function takeFocus(dialog: HTMLElement | null) {
  const target = dialog?.querySelector<HTMLElement>('textarea, footer button')
  ;(target ?? dialog)?.focus({ preventScroll: true })
}

/** Keeps Tab in a panel that covers the whole screen. */
function loop(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const all = event.currentTarget.querySelectorAll<HTMLElement>('a,button,textarea,input,.log')
  const [first, last] = [all[0], all[all.length - 1]]
  const from = event.shiftKey ? first : last
  const root = event.currentTarget.getRootNode() as ShadowRoot | Document
  const { activeElement } = root
  if (activeElement !== from && activeElement !== event.currentTarget) return
  event.preventDefault()
  ;(event.shiftKey ? last : first)?.focus()
}

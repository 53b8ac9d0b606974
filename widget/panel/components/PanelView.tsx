import type { Panel } from '../models/panel.ts'
import type { Strings } from '../strings/en.ts'
import { Composer } from './Composer.tsx'
import { Home } from './Home.tsx'

interface PanelViewProps {
  panel: Panel
  /** Has no look of its own: another number draws anew. */
  moves?: number
  t: Strings
}

/** The whole chat: home or a conversation above, and the place to write below both. */
export function PanelView({ panel, t }: PanelViewProps) {
  const { config, isOpen, isFull, isDark, shownId, chat } = panel
  const session = panel.session.value
  const part = chat.value
  const isClosed = session?.find(shownId.value)?.status === 'closed'
  const canWrite = shownId.value ? !isClosed : !session?.openConversation.value
  const notice = findNotice(panel, t)

  return (
    <div
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
      {part?.drawChat() ?? <Home panel={panel} t={t} />}
      <div class="foot">
        {notice && <p class="notice">{notice}</p>}
        {canWrite && session?.welcome.value?.site.isTypingPreviewOn && (
          <p class="hint">{t.previewIsOn}</p>
        )}
        {canWrite ? (
          <Composer
            text={panel.draft.value}
            t={t}
            onType={panel.type}
            onLeave={() => part?.type('')}
            onSend={panel.send}
          />
        ) : (
          isClosed && (
            <button type="button" class="solid wide" onClick={panel.startNew}>
              {t.startNew}
            </button>
          )
        )}
        <p class="by">{t.poweredBy}</p>
      </div>
      <div role="status" class="unseen">
        {notice ?? part?.announcement()}
      </div>
    </div>
  )
}

function findNotice({ hasLinkNotice, session }: Panel, t: Strings) {
  const link = session.value?.link.value
  if (!hasLinkNotice.value) return undefined
  if (link?.kind !== 'refused') return t.reconnecting
  return link.code === 'version-not-served' ? t.outdated : t.refused
}

/** Keeps Tab in a panel that covers the whole screen. */
function loop(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const { currentTarget: dialog, shiftKey } = event
  const all = [...dialog.querySelectorAll<HTMLElement>('a,button,textarea,input,.log')]
  const from = shiftKey ? all[0] : all.at(-1)
  const { activeElement } = dialog.getRootNode() as ShadowRoot
  if (activeElement !== from && activeElement !== dialog) return
  event.preventDefault()
  ;(shiftKey ? all.at(-1) : all[0])?.focus()
}

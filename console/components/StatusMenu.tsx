import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

import { agentStatuses, type AgentStatus } from '../../shared/protocol/conversation.ts'
import { themes } from '../models/preferences.ts'
import { t } from '../strings/current.ts'
import { Avatar } from './Avatar.tsx'
import { Choice } from './Choice.tsx'
import { useApp, useWorkspace } from './context.ts'
import { toFailureText } from './failure-text.ts'
import { openHelp } from './HelpDialog.tsx'
import { Icon } from './Icon.tsx'
import { useDismiss } from './use-dismiss.ts'

const hints: Record<AgentStatus, string> = {
  online: t.status.onlineHint,
  busy: t.status.busyHint,
  away: t.status.awayHint,
}
const themeNames = {
  auto: t.status.themeAuto,
  light: t.status.themeLight,
  dark: t.status.themeDark,
}

/** The own avatar at the foot of the rail: status, capacity, theme, sign out. */
export function StatusMenu({ hue }: { hue: number }) {
  const { preferences, notices, session } = useApp()
  const workspace = useWorkspace()
  const me = workspace.inbox.me.value
  const load = workspace.inbox.load.value
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = useCallback(() => {
    setOpen(false)
    if (box.current?.contains(document.activeElement)) button.current?.focus()
  }, [])
  useDismiss(box, isOpen, close)
  useEffect(() => {
    if (isOpen) box.current?.querySelector<HTMLElement>('input:checked')?.focus()
  }, [isOpen])

  const attempt = (work: Promise<void>) =>
    void work.catch((error: unknown) =>
      notices.say({ kind: 'problem', text: toFailureText(error) }),
    )
  const setCapacity = (capacity: number) => {
    if (capacity >= 1 && capacity <= 50) attempt(workspace.setCapacity(capacity))
  }

  return (
    <div class="status-menu" ref={box}>
      <button
        ref={button}
        type="button"
        class="status-button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={t.rail.status(t.status[me.status], load, me.capacity)}
        title={t.rail.status(t.status[me.status], load, me.capacity)}
        onClick={() => setOpen(!isOpen)}
      >
        <Avatar name={me.name} hue={hue} presence={me.status} />
      </button>
      {isOpen && (
        <div class="popover status-popover" role="dialog" aria-label={t.status.title}>
          <p class="status-who">
            <strong>{me.name}</strong>
            <span>{me.email}</span>
          </p>
          <fieldset class="status-options">
            <legend class="visually-hidden">{t.status.title}</legend>
            {agentStatuses.map((status) => (
              <label key={status} class="status-option">
                <input
                  type="radio"
                  name="status"
                  checked={me.status === status}
                  onChange={() => attempt(workspace.setStatus(status))}
                />
                <span class={`presence presence-${status}`} aria-hidden="true" />
                <span>
                  {t.status[status]}
                  <small>{hints[status]}</small>
                </span>
              </label>
            ))}
          </fieldset>
          <div class="stepper" role="group" aria-label={t.status.capacity}>
            <span aria-hidden="true">{t.status.capacity}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={t.status.fewer}
              disabled={me.capacity <= 1}
              onClick={() => setCapacity(me.capacity - 1)}
            >
              <Icon name="minus" size="small" />
            </button>
            <output aria-live="polite">{me.capacity}</output>
            <button
              type="button"
              class="icon-button"
              aria-label={t.status.more}
              disabled={me.capacity >= 50}
              onClick={() => setCapacity(me.capacity + 1)}
            >
              <Icon name="plus" size="small" />
            </button>
          </div>
          <Choice
            label={t.status.theme}
            value={preferences.theme.value}
            options={themes.map((value) => ({ value, label: themeNames[value] }))}
            onChoose={(theme) => {
              preferences.theme.value = theme
            }}
          />
          <hr />
          <button
            type="button"
            class="menu-item"
            onClick={() => {
              close()
              openHelp.value = true
            }}
          >
            <Icon name="keyboard" size="small" />
            {t.status.shortcuts}
          </button>
          <button type="button" class="menu-item" onClick={() => attempt(session.signOut())}>
            <Icon name="exit" size="small" />
            {t.status.signOut}
          </button>
        </div>
      )}
    </div>
  )
}

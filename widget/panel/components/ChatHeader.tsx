import type { Conversation } from '../models/conversation.ts'
import type { Panel } from '../models/panel.ts'
import type { Session } from '../models/session.ts'
import type { ChatStrings } from '../strings/chat.en.ts'
import { Avatar } from './Avatar.tsx'
import { CloseButton } from './CloseButton.tsx'
import { Faces } from './Faces.tsx'
import { Icon } from './Icon.tsx'

interface ChatHeaderProps {
  panel: Panel
  session: Session
  conversation: Conversation
  t: ChatStrings
}

/** With whom one talks, whether they are there, and the way back. */
export function ChatHeader({ panel, session, conversation, t }: ChatHeaderProps) {
  const summary = conversation.summary.value
  const team = session.team.value
  const agent = summary?.agent
  const name = agent?.name ?? panel.config.siteName
  const isThere = agent ? agent.isPresent : team?.isAvailable
  const canEnd = summary && summary.status !== 'closed'

  return (
    <div class="head">
      <button type="button" class="tool" aria-label={t.back} onClick={panel.goHome}>
        <Icon name="back" />
      </button>
      {!agent && team?.faces.length ? (
        <Faces faces={team.faces} />
      ) : (
        <Avatar id={agent?.id ?? name} name={name} />
      )}
      <div class="who">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        {(team || agent) && (
          <p>
            <span class={`dot${isThere ? ' on' : ''}`} />
            {isThere ? t.online : t.away}
            {agent && summary.department && (
              <>
                {' · '}
                <bdi>{summary.department}</bdi>
              </>
            )}
          </p>
        )}
      </div>
      {canEnd && <EndMenu panel={panel} conversation={conversation} t={t} />}
      <CloseButton panel={panel} />
    </div>
  )
}

/** The menu with "End chat", which asks once. */
function EndMenu({ panel, conversation, t }: Omit<ChatHeaderProps, 'session'>) {
  const { menu } = panel
  const state = menu.value
  const set = (now: typeof state) => (menu.value = now)
  const shut = () => set('shut')

  return (
    <div
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || state === 'shut') return
        // This Escape closes the menu, not the chat.
        event.stopPropagation()
        shut()
        event.currentTarget.querySelector('button')?.focus()
      }}
    >
      <button
        type="button"
        class="tool"
        aria-label={t.menu}
        aria-expanded={state !== 'shut'}
        onClick={() => set(state === 'shut' ? 'open' : 'shut')}
      >
        <Icon name="more" />
      </button>
      {state === 'open' && (
        <div class="sheet">
          <button type="button" onClick={() => set('asking')}>
            {t.endChat}
          </button>
        </div>
      )}
      {(state === 'asking' || state === 'failed') && (
        <div class="sheet">
          <p role="alert">{state === 'failed' ? t.couldNotEnd : t.endChatQuestion}</p>
          <button
            type="button"
            class="solid"
            ref={focus}
            onClick={() => conversation.end().catch(() => set('failed'))}
          >
            {t.endChat}
          </button>
          <button type="button" onClick={panel.refocus}>
            {t.keepChat}
          </button>
        </div>
      )}
    </div>
  )
}

const focus = (element: HTMLElement | null) => element?.focus()

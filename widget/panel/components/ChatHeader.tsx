import { useState } from 'preact/hooks'

import type { Conversation } from '../models/conversation.ts'
import type { Panel } from '../models/panel.ts'
import type { Strings } from '../strings/en.ts'
import { Avatar } from './Avatar.tsx'
import { Faces } from './Faces.tsx'
import { Icon } from './Icon.tsx'

interface ChatHeaderProps {
  panel: Panel
  conversation: Conversation
  t: Strings
}

/** With whom one talks, whether they are there, and the way back. */
export function ChatHeader({ panel, conversation, t }: ChatHeaderProps) {
  const summary = conversation.summary.value
  const team = panel.session.value?.team.value
  const agent = summary?.agent
  const name = agent?.name ?? panel.config.siteName
  const isThere = agent ? agent.isPresent : team?.isAvailable
  const canEnd = summary && summary.status !== 'closed'

  return (
    <header class="head">
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
      {canEnd && <EndMenu key={conversation.id} conversation={conversation} t={t} />}
      <button type="button" class="tool" aria-label={t.close} onClick={panel.dismiss}>
        <Icon name="close" />
      </button>
    </header>
  )
}

/** The menu with "End chat", which asks once. */
function EndMenu({ conversation, t }: Pick<ChatHeaderProps, 'conversation' | 't'>) {
  const [state, setState] = useState<'shut' | 'menu' | 'asking' | 'failed'>('shut')
  const isOpen = state !== 'shut'
  const shut = () => setState('shut')

  return (
    <div
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        // This Escape closes the menu, not the chat.
        event.stopPropagation()
        shut()
        event.currentTarget.querySelector('button')?.focus()
      }}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) shut()
      }}
    >
      <button
        type="button"
        class="tool"
        aria-label={t.menu}
        aria-expanded={isOpen}
        onClick={() => setState(isOpen ? 'shut' : 'menu')}
      >
        <Icon name="more" />
      </button>
      {isOpen && (
        <div class="sheet">
          {state === 'menu' ? (
            <button type="button" onClick={() => setState('asking')}>
              {t.endChat}
            </button>
          ) : (
            <div role="group" aria-label={t.endChatQuestion}>
              <p role="alert">{state === 'failed' ? t.couldNotEnd : t.endChatQuestion}</p>
              <button
                type="button"
                class="solid"
                ref={(button) => void button?.focus()}
                onClick={() => conversation.end().then(shut, () => setState('failed'))}
              >
                {t.endChat}
              </button>
              <button type="button" onClick={shut}>
                {t.keepChat}
              </button>
            </div>
          )}
        </div>
      )}
    </div>
  )
}

import type { Panel } from '../models/panel.ts'
import type { Strings } from '../strings/en.ts'
import type { When } from '../when.ts'
import { ConversationCard } from './ConversationCard.tsx'
import { Faces } from './Faces.tsx'
import { Icon } from './Icon.tsx'

interface HomeProps {
  panel: Panel
  t: Strings
  when: When
}

/** Who is there, how soon they answer, and what was said before. */
export function Home({ panel, t, when }: HomeProps) {
  const session = panel.session.value
  const team = session?.team.value
  const conversations = session?.conversations.value ?? []
  const usual = team?.usualAnswerMs
  const promise = typeof usual === 'number' ? t.usualAnswer(usual) : t.weAnswerHere
  return (
    <>
      <header class="hero">
        <div class="top">
          <Faces faces={team?.faces ?? []} />
          <button type="button" class="tool" aria-label={t.close} onClick={panel.dismiss}>
            <Icon name="close" />
          </button>
        </div>
        <h1 dir="auto">{panel.config.settings.welcome}</h1>
      </header>
      <div class="body">
        {!session?.openConversation.value && (
          <button type="button" class="card" onClick={panel.startNew}>
            <span class="what">
              <b>{t.sendUsAMessage}</b>
              <span>{team && !team.isAvailable ? t.nobodyShort : promise}</span>
            </span>
            <span class="aside accent">
              <Icon name="send" />
            </span>
          </button>
        )}
        {conversations.length > 0 && (
          <ul aria-label={t.conversations}>
            {conversations.map((one) => (
              <ConversationCard
                key={one.id}
                conversation={one}
                now={panel.timers.now()}
                t={t}
                when={when}
                onOpen={() => panel.goTo(one.id)}
              />
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

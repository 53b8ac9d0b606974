import type { Panel } from '../models/panel.ts'
import type { Strings } from '../strings/en.ts'
import { CloseButton } from './CloseButton.tsx'
import { Faces } from './Faces.tsx'
import { Icon } from './Icon.tsx'

/** Who is there, how soon they answer, and what was said before. */
export function Home({ panel, t }: { panel: Panel; t: Strings }) {
  const session = panel.session.value
  const team = session?.team.value
  const usual = team?.usualAnswerMs
  const promise = typeof usual === 'number' ? t.usualAnswer(usual) : t.weAnswerHere
  return (
    <>
      <div class="hero">
        <div class="top">
          <Faces faces={team?.faces ?? []} />
          <CloseButton panel={panel} />
        </div>
        <h1 dir="auto">{panel.config.settings.welcome}</h1>
      </div>
      <div class="body">
        {!session?.openConversation.value && (
          <button
            type="button"
            class="card"
            onPointerEnter={panel.expectWords}
            onClick={panel.startNew}
          >
            <span class="what">
              <b>{t.sendUsAMessage}</b>
              <span>{team && !team.isAvailable ? t.nobodyShort : promise}</span>
            </span>
            <Icon name="send" />
          </button>
        )}
        {panel.chat.value
          ? panel.chat.value.drawCards()
          : // The late part is on its way: what was written is seen meanwhile.
            session?.entries.value.map(({ clientId, text }) => (
              <p class="card" dir="auto" key={clientId}>
                {text}
              </p>
            ))}
      </div>
    </>
  )
}

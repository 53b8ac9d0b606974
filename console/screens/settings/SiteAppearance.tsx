import { useId } from 'preact/hooks'

import type { SiteItem } from '../../../shared/api/api.ts'
import type { SiteSettings } from '../../../shared/protocol/site-settings.ts'
import { Choice } from '../../components/Choice.tsx'
import { useApp } from '../../components/context.ts'
import { SavedText } from '../../components/SavedText.tsx'
import { SaveMark, SaveProblem } from '../../components/SaveMark.tsx'
import { Toggle } from '../../components/Toggle.tsx'
import { useSave } from '../../components/use-save.ts'
import { t } from '../../strings/current.ts'
import { WidgetPreview } from './WidgetPreview.tsx'

const words = t.settings.sites
const colours = ['#4263e0', '#0d7a55', '#c2481f', '#8636b4', '#2a2d38']

interface SiteAppearanceProps {
  site: SiteItem
  mayChange: boolean
}

/** How the widget looks and what it tells, beside a picture of it. */
export function SiteAppearance({ site, mayChange }: SiteAppearanceProps) {
  const { settings } = useApp()
  const { state, save } = useSave()
  const chosen = site.settings
  const set = (change: Partial<SiteSettings>) =>
    void save(() => settings.value.updateSite(site.id, { settings: change }))

  return (
    <section class="card appearance">
      <div class="stack">
        <div class="field-head">
          <h3>{words.look}</h3>
          <SaveMark state={state} />
        </div>
        <SaveProblem state={state} />
        <Accent
          value={chosen.accent}
          isDisabled={!mayChange}
          onChoose={(accent) => set({ accent })}
        />
        <SavedText
          label={words.welcome}
          value={chosen.welcome}
          maxLength={120}
          isDisabled={!mayChange}
          save={(welcome) => settings.value.updateSite(site.id, { settings: { welcome } })}
        />
        <Choice
          label={words.side}
          hint={words.sideHint}
          value={chosen.side}
          isDisabled={!mayChange}
          options={[
            { value: 'end', label: words.end },
            { value: 'start', label: words.start },
          ]}
          onChoose={(side) => set({ side })}
        />
        <Choice
          label={words.appearance}
          value={chosen.theme}
          isDisabled={!mayChange}
          options={[
            { value: 'auto', label: words.auto },
            { value: 'light', label: words.light },
            { value: 'dark', label: words.dark },
          ]}
          onChoose={(theme) => set({ theme })}
        />
        <Toggle
          label={words.showAgents}
          hint={words.showAgentsHint}
          isOn={chosen.showAgents}
          isDisabled={!mayChange}
          onChange={(showAgents) => set({ showAgents })}
        />
        <Toggle
          label={words.typingPreview}
          hint={words.typingPreviewHint}
          isOn={chosen.typingPreview}
          isDisabled={!mayChange}
          onChange={(typingPreview) => set({ typingPreview })}
        />
      </div>
      <WidgetPreview settings={chosen} />
    </section>
  )
}

interface AccentProps {
  value: string
  isDisabled: boolean
  onChoose(accent: string): void
}

function Accent({ value, isDisabled, onChoose }: AccentProps) {
  const id = useId()
  return (
    <fieldset class="field" disabled={isDisabled}>
      <legend class="field-label">{words.accent}</legend>
      <div class="swatches">
        {colours.map((colour) => (
          <label key={colour} class="swatch-choice" style={{ '--swatch': colour }}>
            <input
              type="radio"
              name={id}
              aria-label={words.colourName(colour)}
              checked={colour === value.toLowerCase()}
              onChange={() => onChoose(colour)}
            />
          </label>
        ))}
        <input
          type="color"
          class="colour-input"
          aria-label={words.ownColour}
          title={words.ownColour}
          value={value}
          onChange={(event) => onChoose(event.currentTarget.value)}
        />
      </div>
      <p class="hint">{words.accentHint}</p>
    </fieldset>
  )
}

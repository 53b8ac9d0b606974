import { useState } from 'preact/hooks'

import { limits } from '../../../shared/protocol/limits.ts'
import { Choice } from '../../components/Choice.tsx'
import { useApp, useWorkspace } from '../../components/context.ts'
import { SavedText } from '../../components/SavedText.tsx'
import { SaveProblem } from '../../components/SaveMark.tsx'
import { PasswordField } from '../../components/TextField.tsx'
import { Toggle } from '../../components/Toggle.tsx'
import { useSave } from '../../components/use-save.ts'
import { themes } from '../../models/preferences.ts'
import { t } from '../../strings/current.ts'
import { Sessions } from './Sessions.tsx'

const words = t.settings.account
const themeNames = {
  auto: t.status.themeAuto,
  light: t.status.themeLight,
  dark: t.status.themeDark,
}

/** What is one's own: name, password, sessions, and how this browser looks and rings. */
export function Account() {
  const { api, bell, preferences } = useApp()
  const { inbox } = useWorkspace()
  const me = inbox.me.value
  return (
    <>
      <h2 class="page-title">{t.settings.pages.account}</h2>
      <section class="card">
        <SavedText
          label={words.name}
          hint={words.nameHint}
          value={me.name}
          maxLength={limits.name}
          check={(name) => (name === '' ? t.settings.sites.needName : undefined)}
          save={async (name) => {
            const changed = await api.updateMe({ name })
            inbox.setMe({ ...inbox.me.peek(), name: changed.name })
          }}
        />
        <p class="plain-fact">
          <span class="field-label">{words.email}</span>
          <bdi>{me.email}</bdi>
        </p>
      </section>
      <section class="card">
        <h3>{words.browserPart}</h3>
        <Choice
          label={words.theme}
          value={preferences.theme.value}
          options={themes.map((value) => ({ value, label: themeNames[value] }))}
          onChoose={(theme) => {
            preferences.theme.value = theme
          }}
        />
        <Toggle
          label={words.shortcuts}
          hint={words.shortcutsHint}
          isOn={preferences.hasShortcuts.value}
          onChange={(isOn) => {
            preferences.hasShortcuts.value = isOn
          }}
        />
        <Toggle
          label={words.sound}
          hint={words.soundHint}
          isOn={preferences.hasSound.value}
          onChange={(isOn) => {
            preferences.hasSound.value = isOn
          }}
        />
        <button type="button" class="button button-start" onClick={() => bell.ring('offer')}>
          {words.testSound}
        </button>
      </section>
      <section class="card">
        <h3>{words.password}</h3>
        <ChangePassword />
      </section>
      <section class="card">
        <h3>{words.sessions}</h3>
        <Sessions />
      </section>
    </>
  )
}

function ChangePassword() {
  const { notices, settings } = useApp()
  const { state, save, isSaving, problem } = useSave()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const submit = async () => {
    if (!(await save(() => settings.value.changePassword(current, next)))) return
    setCurrent('')
    setNext('')
    notices.say({ kind: 'done', text: words.passwordChanged })
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isSaving) void submit()
      }}
    >
      <PasswordField
        label={words.current}
        name="current"
        autoComplete="current-password"
        value={current}
        onInput={setCurrent}
      />
      <PasswordField
        label={words.next}
        name="next"
        autoComplete="new-password"
        value={next}
        onInput={setNext}
        hint={words.passwordHint}
      />
      {problem && <SaveProblem state={state} />}
      <button
        type="submit"
        class="button button-start"
        disabled={isSaving || current === '' || next.length < 10}
      >
        {words.changePassword}
      </button>
    </form>
  )
}

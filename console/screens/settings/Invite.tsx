import { useState } from 'preact/hooks'

import { roles, type Role } from '../../../shared/protocol/conversation.ts'
import { limits } from '../../../shared/protocol/limits.ts'
import { Choice } from '../../components/Choice.tsx'
import { useApp } from '../../components/context.ts'
import { CopyBox } from '../../components/CopyBox.tsx'
import { TextField } from '../../components/TextField.tsx'
import { useSave } from '../../components/use-save.ts'
import { t } from '../../strings/current.ts'

const words = t.settings.people

/** Makes a link that lets one person in. It is shown once: only its hash is kept. */
export function Invite() {
  const { settings } = useApp()
  const { departments } = settings.value
  const { save, isSaving, problem, reset } = useSave()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('agent')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [link, setLink] = useState<string>()

  const submit = () =>
    save(async () => {
      const made = await settings.value.invite({
        role,
        ...(email.trim() !== '' && { email: email.trim() }),
        ...(chosen.length > 0 && { departmentIds: [...chosen] }),
      })
      setLink(made)
    })

  if (link !== undefined) {
    return (
      <div class="stack" role="status">
        <p>{words.linkReady}</p>
        <CopyBox label={words.linkLabel} text={link} />
        <button
          type="button"
          class="button button-start"
          onClick={() => {
            setLink(undefined)
            setEmail('')
            reset()
          }}
        >
          {words.another}
        </button>
      </div>
    )
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isSaving) void submit()
      }}
    >
      <p class="hint">{words.inviteHint}</p>
      <TextField
        label={words.email}
        type="email"
        value={email}
        onInput={setEmail}
        maxLength={limits.email}
        problem={problem}
      />
      <Choice
        label={words.role}
        hint={t.settings.roleHints[role]}
        value={role}
        options={roles.map((value) => ({ value, label: t.settings.roles[value] })).reverse()}
        onChoose={(next) => setRole(next)}
      />
      {(departments.value.value?.length ?? 0) > 1 && (
        <fieldset class="field">
          <legend class="field-label">{words.departments}</legend>
          <div class="checks">
            {departments.value.value?.map(({ id, name }) => (
              <label key={id} class="check">
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  onChange={(event) =>
                    setChosen(
                      event.currentTarget.checked
                        ? [...chosen, id]
                        : chosen.filter((other) => other !== id),
                    )
                  }
                />
                <bdi>{name}</bdi>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <button type="submit" class="button button-primary button-start" disabled={isSaving}>
        {words.createLink}
      </button>
    </form>
  )
}

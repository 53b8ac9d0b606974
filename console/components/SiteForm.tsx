import { useState } from 'preact/hooks'

import type { SiteItem } from '../../shared/api/api.ts'
import { limits } from '../../shared/protocol/limits.ts'
import { parseOrigins } from '../models/origins.ts'
import { t } from '../strings/current.ts'
import { useApp } from './context.ts'
import { TextAreaField } from './TextAreaField.tsx'
import { TextField } from './TextField.tsx'
import { useFirstProblem } from './use-first-problem.ts'
import { useSave } from './use-save.ts'

const words = t.settings.sites

interface SiteFormProps {
  submit: string
  isFocused?: boolean
  onMade(site: SiteItem): void
}

/** A new site: its name, and where it lives. */
export function SiteForm({ submit, isFocused, onMade }: SiteFormProps) {
  const { settings } = useApp()
  const { save, isSaving, problem } = useSave()
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<{ name?: string; origins?: string }>({})
  const form = useFirstProblem(wrong)

  const create = async () => {
    const parsed = parseOrigins(text)
    const problems = {
      ...(name.trim() === '' && { name: words.needName }),
      ...(!parsed.ok && { origins: toOriginProblem(parsed.wrong) }),
    }
    setWrong(problems)
    if (!parsed.ok || problems.name) return
    let made: SiteItem | undefined
    await save(async () => {
      made = await settings.value.createSite(name.trim(), parsed.origins)
    })
    if (made) onMade(made)
  }
  return (
    <form
      ref={form}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isSaving) void create()
      }}
    >
      <TextField
        label={words.name}
        value={name}
        onInput={setName}
        placeholder={words.namePlaceholder}
        maxLength={limits.name}
        isFocused={isFocused ?? false}
        problem={wrong.name}
      />
      <TextAreaField
        label={words.origins}
        value={text}
        onInput={setText}
        rows={2}
        placeholder={words.originPlaceholder}
        hint={words.originsHint}
        problem={wrong.origins ?? problem}
      />
      <button type="submit" class="button button-primary button-start" disabled={isSaving}>
        {submit}
      </button>
    </form>
  )
}

/** What is wrong with a list of origins. */
export const toOriginProblem = (line: string | undefined) =>
  line === undefined ? words.needOrigin : words.badOrigin(line)

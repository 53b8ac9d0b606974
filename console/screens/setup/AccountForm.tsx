import { useState } from 'preact/hooks'
import * as v from 'valibot'

import { passwordSchema } from '../../../shared/api/api.ts'
import { limits } from '../../../shared/protocol/limits.ts'
import { emailSchema } from '../../../shared/protocol/primitives.ts'
import { SaveProblem } from '../../components/SaveMark.tsx'
import { PasswordField, TextField } from '../../components/TextField.tsx'
import { useFirstProblem } from '../../components/use-first-problem.ts'
import { useSave } from '../../components/use-save.ts'
import { t } from '../../strings/current.ts'

interface NewAccount {
  name: string
  email: string
  password: string
}

interface AccountFormProps {
  submit: string
  email: string
  /** Rejects with a failure that is shown. */
  onSubmit(account: NewAccount): Promise<void>
}

/** Name, e-mail address and password of somebody new. */
export function AccountForm({ submit, email: known, onSubmit }: AccountFormProps) {
  const { save, state, isSaving } = useSave()
  const [name, setName] = useState('')
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [wrong, setWrong] = useState<Partial<NewAccount>>({})
  const form = useFirstProblem(wrong)

  const send = () => {
    const account = { name: name.trim(), email: email.trim(), password }
    const problems: Partial<NewAccount> = {
      ...(account.name === '' && { name: t.settings.sites.needName }),
      ...(!v.is(emailSchema, account.email) && { email: t.signIn.needEmail }),
      ...(!v.is(passwordSchema, password) && { password: t.settings.account.passwordHint }),
    }
    setWrong(problems)
    if (Object.keys(problems).length === 0) void save(() => onSubmit(account))
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isSaving) send()
      }}
    >
      <TextField
        label={t.settings.setup.name}
        name="name"
        autoComplete="name"
        isFocused
        value={name}
        onInput={setName}
        maxLength={limits.name}
        hint={t.settings.account.nameHint}
        problem={wrong.name}
      />
      <TextField
        label={t.signIn.email}
        name="email"
        type="email"
        autoComplete="username"
        value={email}
        onInput={setEmail}
        maxLength={limits.email}
        problem={wrong.email}
      />
      <PasswordField
        label={t.signIn.password}
        name="password"
        autoComplete="new-password"
        value={password}
        onInput={setPassword}
        hint={t.settings.account.passwordHint}
        problem={wrong.password}
      />
      <SaveProblem state={state} />
      <button type="submit" class="button button-primary button-wide" disabled={isSaving}>
        {submit}
      </button>
    </form>
  )
}

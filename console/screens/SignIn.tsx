import { useRef, useState } from 'preact/hooks'

import type { ApiFailure } from '../api.ts'
import { useApp } from '../components/context.ts'
import { EntryCard } from '../components/EntryCard.tsx'
import { toFailureText } from '../components/failure-text.ts'
import { PasswordField, TextField } from '../components/TextField.tsx'
import { t } from '../strings/current.ts'

/** Name and password. After a session that ended it says so, and goes on at the address where one was. */
export function SignIn() {
  const { session } = useApp()
  const state = session.state.value
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ field?: 'email' | 'password'; text: string }>()
  const form = useRef<HTMLFormElement>(null)

  const refuse = (field: 'email' | 'password', text: string) => {
    setProblem({ field, text })
    form.current?.querySelector<HTMLInputElement>(`[name=${field}]`)?.focus()
  }
  const submit = async () => {
    if (email.trim() === '') return refuse('email', t.signIn.needEmail)
    if (password === '') return refuse('password', t.signIn.needPassword)
    setBusy(true)
    setProblem(undefined)
    try {
      await session.signIn(email.trim(), password)
    } catch (error) {
      setBusy(false)
      refuse('password', toSentence(error as ApiFailure))
    }
  }
  const why = state.kind === 'out' ? state.why : 'never'

  return (
    <EntryCard title={t.signIn.title}>
      {why !== 'never' && (
        <p class={why === 'ended' ? 'entry-note entry-note-warn' : 'entry-note'} role="status">
          {why === 'ended' ? t.signIn.ended : t.signIn.signedOut}
        </p>
      )}
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!isBusy) void submit()
        }}
      >
        <TextField
          label={t.signIn.email}
          name="email"
          type="email"
          autoComplete="username"
          isFocused
          value={email}
          onInput={setEmail}
          problem={problem?.field === 'email' ? problem.text : undefined}
        />
        <PasswordField
          label={t.signIn.password}
          name="password"
          autoComplete="current-password"
          value={password}
          onInput={setPassword}
          problem={problem?.field === 'password' ? problem.text : undefined}
        />
        <button type="submit" class="button button-primary button-wide" aria-disabled={isBusy}>
          {isBusy ? t.signIn.submitting : t.signIn.submit}
        </button>
      </form>
      <p class="hint entry-foot">{t.signIn.forgotten}</p>
    </EntryCard>
  )
}

function toSentence(failure: ApiFailure): string {
  if (failure.code === 'wrong-credentials') return t.signIn.wrong
  if (failure.code === 'too-fast' && failure.retryAfterMs !== undefined) {
    return t.signIn.wait(Math.ceil(failure.retryAfterMs / 1000))
  }
  return toFailureText(failure)
}

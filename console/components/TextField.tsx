import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'

import { t } from '../strings/current.ts'

export interface TextFieldProps {
  label: string
  value: string
  onInput(value: string): void
  name?: string
  type?: 'text' | 'email' | 'password'
  hint?: string | undefined
  /** What is wrong with it, next to it. */
  problem?: string | undefined
  placeholder?: string
  autoComplete?: string
  maxLength?: number
  isFocused?: boolean
  isDisabled?: boolean
  onBlur?(): void
  children?: ComponentChildren
}

/** A line of text with its label above, its hint below, and its problem where one looks for it. */
export function TextField(props: TextFieldProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (props.isFocused) input.current?.focus()
  }, [])
  const note = props.problem ?? props.hint
  const shared = {
    ref: input,
    id,
    class: 'input',
    value: props.value,
    autoComplete: props.autoComplete ?? 'off',
    disabled: props.isDisabled ?? false,
    dir: 'auto' as const,
    spellcheck: false,
    'aria-invalid': props.problem !== undefined,
    'aria-describedby': note ? `${id}-note` : undefined,
    onInput: () => props.onInput(input.current?.value ?? ''),
    onBlur: () => props.onBlur?.(),
    ...(props.name !== undefined && { name: props.name }),
    ...(props.placeholder !== undefined && { placeholder: props.placeholder }),
    ...(props.maxLength !== undefined && { maxLength: props.maxLength }),
  }
  return (
    <div class={props.problem ? 'field has-problem' : 'field'}>
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <div class="field-row">
        {props.type === 'password' ? (
          <input {...shared} type="password" />
        ) : props.type === 'email' ? (
          <input {...shared} type="email" />
        ) : (
          <input {...shared} type="text" />
        )}
        {props.children}
      </div>
      {note && (
        <p
          id={`${id}-note`}
          class={props.problem ? 'problem' : 'hint'}
          role={props.problem ? 'alert' : undefined}
        >
          {note}
        </p>
      )}
    </div>
  )
}

/** A password, hidden until its button is pressed. */
export function PasswordField(props: Omit<TextFieldProps, 'type'>) {
  const [isShown, setShown] = useState(false)
  return (
    <TextField {...props} type={isShown ? 'text' : 'password'}>
      <button
        type="button"
        class="link-button field-peek"
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? t.signIn.hidePassword : t.signIn.showPassword}
      </button>
    </TextField>
  )
}

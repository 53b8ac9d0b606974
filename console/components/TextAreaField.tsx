import { useId } from 'preact/hooks'

interface TextAreaFieldProps {
  label: string
  value: string
  onInput(value: string): void
  rows: number
  placeholder?: string
  hint?: string
  problem?: string | undefined
}

/** Several lines, with label, hint and problem as a line of text has them. */
export function TextAreaField(props: TextAreaFieldProps) {
  const id = useId()
  return (
    <div class={props.problem ? 'field has-problem' : 'field'}>
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <textarea
        id={id}
        class="input"
        rows={props.rows}
        value={props.value}
        placeholder={props.placeholder}
        spellcheck={false}
        dir="auto"
        aria-invalid={props.problem !== undefined}
        aria-describedby={props.problem || props.hint ? `${id}-note` : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      {(props.problem ?? props.hint) && (
        <p
          id={`${id}-note`}
          class={props.problem ? 'problem' : 'hint'}
          role={props.problem ? 'alert' : undefined}
        >
          {props.problem ?? props.hint}
        </p>
      )}
    </div>
  )
}

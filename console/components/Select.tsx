import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface SelectProps {
  label: string
  isLabelHidden?: boolean
  hint?: string
  value: string
  options: readonly { value: string; label: string }[]
  isDisabled?: boolean
  /** Stands at the end of the label's line. */
  mark?: ComponentChildren
  onChoose(value: string): void
}

/** One of many, by the browser's own list. */
export function Select(props: SelectProps) {
  const id = useId()
  return (
    <div class="field">
      {props.isLabelHidden ? (
        <label class="visually-hidden" for={id}>
          {props.label}
        </label>
      ) : (
        <div class="field-head">
          <label class="field-label" for={id}>
            {props.label}
          </label>
          {props.mark}
        </div>
      )}
      <select
        id={id}
        class="input select"
        value={props.value}
        disabled={props.isDisabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {props.hint && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  )
}

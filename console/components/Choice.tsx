import { useId } from 'preact/hooks'

export interface ChoiceProps<Value extends string> {
  label: string
  /** Seen, or only heard. */
  isLabelHidden?: boolean
  hint?: string | undefined
  value: Value
  options: readonly { value: Value; label: string }[]
  isDisabled?: boolean
  onChoose(value: Value): void
}

/** One of a few: radio buttons that look like a segmented control. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const id = useId()
  const { label, hint, value, options, onChoose } = props
  return (
    <fieldset class="field choice" disabled={props.isDisabled}>
      <legend class={props.isLabelHidden ? 'visually-hidden' : 'field-label'}>{label}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.value} class="segment">
            <input
              type="radio"
              name={id}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {hint && <p class="hint">{hint}</p>}
    </fieldset>
  )
}

import { useId } from 'preact/hooks'

import { SaveMark, SaveProblem } from './SaveMark.tsx'
import type { SaveState } from './use-save.ts'

interface ToggleProps {
  label: string
  hint?: string
  isOn: boolean
  isDisabled?: boolean
  state?: SaveState
  onChange(isOn: boolean): void
}

/** On or off, at once. */
export function Toggle({ label, hint, isOn, isDisabled, state, onChange }: ToggleProps) {
  const id = useId()
  return (
    <div class="toggle">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={isOn}
        disabled={isDisabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{label}</label>
        {hint && (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
        {state && <SaveProblem state={state} />}
      </div>
      {state && <SaveMark state={state} />}
    </div>
  )
}

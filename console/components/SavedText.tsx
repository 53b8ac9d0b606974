import { useEffect, useId, useRef, useState } from 'preact/hooks'

import { SaveMark } from './SaveMark.tsx'
import { useSave } from './use-save.ts'

interface SavedTextProps {
  label: string
  isLabelHidden?: boolean
  hint?: string | undefined
  value: string
  maxLength: number
  lines?: number
  isDisabled?: boolean
  /** A sentence about what is wrong with it before it is sent. */
  check?(value: string): string | undefined
  save(value: string): Promise<unknown>
}

/** A text that is saved when one leaves it or presses Enter. */
export function SavedText(props: SavedTextProps) {
  const id = useId()
  const { state, save, problem, fail, reset } = useSave()
  const [text, setText] = useState(props.value)
  const isDirty = useRef(false)
  const [saves, setSaves] = useState(0)
  const shown = useRef(props.value)
  useEffect(() => {
    // Not at the start: one may type before an effect runs.
    if (saves === 0 && shown.current === props.value) return
    shown.current = props.value
    // What somebody else saved shows, unless one is writing here.
    if (!isDirty.current) setText(props.value)
  }, [props.value, saves])

  const commit = async (written: string) => {
    const next = written.trim()
    if (next === props.value) {
      setText(props.value)
      isDirty.current = false
      if (problem) reset()
      return
    }
    const wrong = props.check?.(next)
    if (wrong) return fail(wrong)
    if (!(await save(() => props.save(next)))) return
    isDirty.current = false
    // The server may have put it straight: show what it keeps.
    setSaves((count) => count + 1)
  }
  const shared = {
    id,
    class: 'input',
    value: text,
    dir: 'auto' as const,
    maxLength: props.maxLength,
    disabled: props.isDisabled,
    'aria-invalid': problem !== undefined,
    'aria-describedby': problem || props.hint ? `${id}-note` : undefined,
  }
  const type = (value: string) => {
    setText(value)
    isDirty.current = true
  }

  return (
    <div class={problem ? 'field has-problem' : 'field'}>
      <div class="field-head">
        <label class={props.isLabelHidden ? 'visually-hidden' : 'field-label'} for={id}>
          {props.label}
        </label>
        <SaveMark state={state} />
      </div>
      {props.lines ? (
        <textarea
          {...shared}
          rows={props.lines}
          spellcheck={false}
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={(event) => void commit(event.currentTarget.value)}
        />
      ) : (
        <input
          {...shared}
          autoComplete="off"
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={(event) => void commit(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void commit(event.currentTarget.value)
          }}
        />
      )}
      {(problem ?? props.hint) && (
        <p
          id={`${id}-note`}
          class={problem ? 'problem' : 'hint'}
          role={problem ? 'alert' : undefined}
        >
          {problem ?? props.hint}
        </p>
      )}
    </div>
  )
}

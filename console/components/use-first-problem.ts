import { useEffect, useRef } from 'preact/hooks'

/** Leads the focus to the first field that is wrong, each time that a form finds something wrong. */
export function useFirstProblem(problems: unknown) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [problems])
  return form
}

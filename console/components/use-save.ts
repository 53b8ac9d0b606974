import { useRef, useState } from 'preact/hooks'

import { useApp } from './context.ts'
import { toFailureText } from './failure-text.ts'

export type SaveState =
  | { kind: 'idle' }
  | { kind: 'saving' }
  | { kind: 'saved' }
  | { kind: 'failed'; problem: string }

/** Saves at once and says how it went, next to what was changed. `save` answers whether it worked. */
export function useSave() {
  const { timers } = useApp()
  const [state, setState] = useState<SaveState>({ kind: 'idle' })
  const turn = useRef(0)

  const save = async (work: () => Promise<unknown>): Promise<boolean> => {
    const mine = ++turn.current
    setState({ kind: 'saving' })
    try {
      await work()
      if (mine !== turn.current) return true
      setState({ kind: 'saved' })
      timers.after(3000, () => {
        if (mine === turn.current) setState({ kind: 'idle' })
      })
      return true
    } catch (error) {
      if (mine === turn.current) setState({ kind: 'failed', problem: toFailureText(error) })
      return false
    }
  }
  return {
    state,
    save,
    problem: state.kind === 'failed' ? state.problem : undefined,
    isSaving: state.kind === 'saving',
    fail: (problem: string) => {
      turn.current++
      setState({ kind: 'failed', problem })
    },
    reset: () => {
      turn.current++
      setState({ kind: 'idle' })
    },
  }
}

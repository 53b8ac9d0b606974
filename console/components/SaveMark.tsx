import { t } from '../strings/current.ts'
import { Icon } from './Icon.tsx'
import type { SaveState } from './use-save.ts'

/** "Saved", beside what was saved. The region is always there, so that it is heard. */
export function SaveMark({ state }: { state: SaveState }) {
  return (
    <span class="save-mark" role="status">
      {state.kind === 'saving' && <span class="save-busy">{t.saving}</span>}
      {state.kind === 'saved' && (
        <>
          <Icon name="check" size="small" />
          {t.saved}
        </>
      )}
    </span>
  )
}

/** Why it was not saved. */
export function SaveProblem({ state }: { state: SaveState }) {
  if (state.kind !== 'failed') return null
  return (
    <p class="problem" role="alert">
      {state.problem}
    </p>
  )
}

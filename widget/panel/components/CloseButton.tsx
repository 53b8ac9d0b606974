import type { Panel } from '../models/panel.ts'
import { en as t } from '../strings/en.ts'
import { Icon } from './Icon.tsx'

/** Puts the panel away. It is the only one that can where the panel covers the launcher. */
export function CloseButton({ panel }: { panel: Panel }) {
  return (
    <button
      type="button"
      class="tool"
      aria-label={panel.isFull.value ? t.close : t.hide}
      onClick={panel.dismiss}
    >
      <Icon name="close" />
    </button>
  )
}

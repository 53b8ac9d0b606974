import { signal, type ReadonlySignal } from '@preact/signals'

import type { SiteCheck } from '../../shared/api/api.ts'
import type { Timers } from '../../shared/connection/types.ts'

export type CheckState =
  | { kind: 'asking' }
  | { kind: 'known'; check: SiteCheck }
  | { kind: 'failed' }

const everyMs = 3000

/** Asks again and again whether the tag has answered, until it is stopped. One question at a time. */
export function createSiteCheck(ask: () => Promise<SiteCheck>, timers: Timers) {
  const state = signal<CheckState>({ kind: 'asking' })
  let isStopped = false
  let cancel = () => {}

  const look = async () => {
    try {
      const check = await ask()
      if (!isStopped) state.value = { kind: 'known', check }
    } catch {
      if (!isStopped && state.peek().kind === 'asking') state.value = { kind: 'failed' }
    }
    if (!isStopped) cancel = timers.after(everyMs, () => void look())
  }
  void look()

  return {
    state: state as ReadonlySignal<CheckState>,
    stop() {
      isStopped = true
      cancel()
    },
  }
}

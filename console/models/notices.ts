import { signal, type ReadonlySignal } from '@preact/signals'

import type { Timers } from '../../shared/connection/types.ts'

export interface Notice {
  id: number
  kind: 'done' | 'problem'
  text: string
  action?: { label: string; run(): void }
}

export interface Notices {
  readonly list: ReadonlySignal<readonly Notice[]>
  say(notice: Omit<Notice, 'id'>): void
  dismiss(id: number): void
}

/** Short sentences at the foot of the screen: what was done, or why it was not. */
export function createNotices(timers: Timers): Notices {
  const list = signal<readonly Notice[]>([])
  let lastId = 0
  const dismiss = (id: number) => {
    list.value = list.peek().filter((notice) => notice.id !== id)
  }
  return {
    list,
    dismiss,
    say(notice) {
      const id = ++lastId
      const others = list.peek().filter(({ text }) => text !== notice.text)
      list.value = [...others, { ...notice, id }].slice(-3)
      timers.after(notice.kind === 'problem' ? 9000 : 5000, () => dismiss(id))
    },
  }
}

import { signal } from '@preact/signals'

import type { DraftKind } from '../models/drafts.ts'

/** Asks the composer to take the focus; it answers when it is there, and counts so that the same may be asked twice. */
export const composerCall = signal<{ count: number; kind: DraftKind | undefined }>({
  count: 0,
  kind: undefined,
})

/** Puts the cursor where one writes; `kind` also picks Reply or Note. */
export function focusComposer(kind?: DraftKind) {
  composerCall.value = { count: composerCall.peek().count + 1, kind }
}

let answered = 0

/** True once for each call: the composer that asks first, which is the one on the screen, answers it. */
export function takeComposerCall(): boolean {
  const isNew = composerCall.peek().count !== answered
  answered = composerCall.peek().count
  return isNew
}

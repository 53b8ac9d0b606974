import { useComputed } from '@preact/signals'

import { toFullTime, toShortTime, toWait } from '../text/time.ts'
import { useWorkspace } from './context.ts'

/** "2m", "14:05", "3 Nov": short to the eye, whole on hover and to a screen reader. */
export function ShortTime({ at }: { at: number }) {
  const { clock } = useWorkspace()
  // A computed text changes the one text node, and only when its words change.
  const text = useComputed(() => toShortTime(at, clock.now.value))
  const full = toFullTime(at)
  return (
    <time dateTime={new Date(at).toISOString()} title={full}>
      {text}
    </time>
  )
}

/** How long it has been since: counts by the second with everything else that counts. */
export function Wait({ since }: { since: number }) {
  const { clock } = useWorkspace()
  const text = useComputed(() => toWait(clock.now.value - since))
  return <>{text}</>
}

import { useComputed } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'

import { t } from '../strings/current.ts'
import { useApp, useWorkspace } from './context.ts'
import { Icon } from './Icon.tsx'

/** Short breaks mend themselves before anybody has to read of them. */
const quietMs = 1500

/** Says when the link is lost, what that means, and when it is tried again. */
export function ConnectionNotice() {
  const { timers } = useApp()
  const { link, clock, wake, inbox } = useWorkspace()
  const { kind } = link.value
  const isLost = kind === 'waiting' || (kind === 'connecting' && inbox.isReady.value)
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    if (isLost) return timers.after(quietMs, () => setShown(true))
    setShown(false)
    return undefined
  }, [isLost])

  // Counted for the eye only: read out every second it would drown everything else.
  const countdown = useComputed(() => {
    void clock.now.value
    const state = link.value
    const seconds = state.kind === 'waiting' ? Math.ceil((state.retryAt - timers.now()) / 1000) : 0
    return seconds > 0 ? t.link.nextTry(seconds) : ''
  })

  const refused = link.value.kind === 'refused' ? link.value : undefined
  const isOutdated = refused?.code === 'version-not-served'
  const isVisible = refused !== undefined || (isLost && isShown)
  return (
    <div role="status" class="connection-slot">
      {isVisible && (
        <div class="connection-notice">
          <Icon name="offline" size="small" />
          <span>
            {refused
              ? isOutdated
                ? t.link.outdated
                : t.link.refused(refused.message)
              : kind === 'waiting'
                ? t.link.lost
                : t.link.connecting}
          </span>
          {kind === 'waiting' && <span aria-hidden="true">{countdown}</span>}
          {isOutdated && (
            <button type="button" class="link-button" onClick={() => location.reload()}>
              {t.link.reload}
            </button>
          )}
          {kind === 'waiting' && (
            <button type="button" class="link-button" onClick={wake}>
              {t.link.tryNow}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'

import { t } from '../strings/current.ts'

/** A screen that is fetched when it is first shown. Where that fails it says so and can be tried again. */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  const loaded = signal<ComponentType<Props> | undefined>(undefined)
  const hasFailed = signal(false)
  const start = () => {
    hasFailed.value = false
    load().then(
      (component) => {
        loaded.value = component
      },
      () => {
        hasFailed.value = true
      },
    )
  }

  return function Late(props: Props) {
    useEffect(() => {
      if (!loaded.peek()) start()
    }, [])
    const Loaded = loaded.value
    if (Loaded) return <Loaded {...props} />
    if (!hasFailed.value) return <div class="late" role="status" aria-label={t.loading} />
    return (
      <div class="late" role="alert">
        <p>{t.lateFailed}</p>
        <button type="button" class="button" onClick={start}>
          {t.tryAgain}
        </button>
      </div>
    )
  }
}

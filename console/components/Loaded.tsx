import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

import type { Resource } from '../models/resource.ts'
import { t } from '../strings/current.ts'
import { toFailureText } from './failure-text.ts'

interface LoadedProps<Value> {
  resource: Resource<Value>
  children(value: Value): ComponentChildren
}

/** Shows what a resource holds: its space while it loads, and why where it did not come. */
export function Loaded<Value>({ resource, children }: LoadedProps<Value>) {
  useEffect(() => void resource.load(), [resource])
  const value = resource.value.value
  if (value !== undefined) return <>{children(value)}</>
  if (resource.failure.value === undefined) {
    return (
      <div class="skeleton-form" role="status" aria-label={t.loading}>
        <span />
        <span />
        <span />
      </div>
    )
  }
  return (
    <div class="load-failed" role="alert">
      <p>{t.settings.failed}</p>
      <p class="hint">{toFailureText(resource.failure.value)}</p>
      <button type="button" class="button" onClick={() => void resource.load()}>
        {t.tryAgain}
      </button>
    </div>
  )
}

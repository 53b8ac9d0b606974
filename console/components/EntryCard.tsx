import type { ComponentChildren } from 'preact'

import { t } from '../strings/current.ts'
import { Icon } from './Icon.tsx'

interface EntryCardProps {
  title: string
  hint?: string
  children: ComponentChildren
}

/** The card of the screens before the inbox: sign in, set up, join. */
export function EntryCard({ title, hint, children }: EntryCardProps) {
  return (
    <main class="entry" id="main">
      <div class="entry-card">
        <p class="entry-brand">
          <span class="entry-logo" aria-hidden="true">
            <Icon name="chat" />
          </span>
          {t.product}
        </p>
        <h1>{title}</h1>
        {hint && <p class="hint">{hint}</p>}
        {children}
      </div>
    </main>
  )
}

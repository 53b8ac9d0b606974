import { effect, untracked, type ReadonlySignal } from '@preact/signals'

import type { Timers } from '../../shared/connection/types.ts'
import { t } from '../strings/current.ts'
import type { Bell } from '../surroundings/bell.ts'
import { toVisitorName } from '../text/names.ts'
import type { Workspace } from './workspace.ts'

export interface AlertDeps {
  workspace: Workspace
  bell: Bell
  hasSound: ReadonlySignal<boolean>
  timers: Timers
  /** The conversation that a person looks at right now; none while the page is hidden. */
  findLookedAt(): string | undefined
}

const ringEveryMs = 4000

/** Rings while a chat is offered, and once when a visitor writes where nobody is looking. */
export function createAlerts({ workspace, bell, hasSound, timers, findLookedAt }: AlertDeps) {
  let cancel = () => {}
  const ring = () => {
    cancel()
    if (!workspace.offers.list.peek().some((offer) => !offer.isAnswering)) return
    if (hasSound.peek()) bell.ring('offer')
    cancel = timers.after(ringEveryMs, ring)
  }

  let ringing = new Set<string>()
  const stopOffers = effect(() => {
    const ids = new Set(workspace.offers.list.value.map(({ id }) => id))
    const isNew = [...ids].some((id) => !ringing.has(id))
    ringing = ids
    if (isNew) untracked(ring)
  })

  let heard: ReadonlyMap<string, number> = new Map()
  const stopMessages = effect(() => {
    if (!workspace.inbox.isReady.value) return
    const held = workspace.inbox.views.mine.value.filter(({ status }) => status === 'assigned')
    const unread = new Map(held.map((row) => [row.id, row.unread]))
    const lookedAt = untracked(findLookedAt)
    // What was unread before this page was opened, or before the chat was mine, is no news.
    const hasNew = [...unread].some(
      ([id, count]) => id !== lookedAt && count > (heard.get(id) ?? count),
    )
    if (hasNew && hasSound.peek() && ringing.size === 0) bell.ring('message')
    heard = unread
  })

  return {
    stop() {
      cancel()
      stopOffers()
      stopMessages()
    },
  }
}

/** What the browser's tab says: who rings, else how much waits. */
export function toTitle(workspace: Workspace | undefined): string {
  if (!workspace) return t.product
  const [offer] = workspace.offers.list.value
  if (offer) {
    const name = toVisitorName(offer.row.visitorName, offer.row.timeZone)
    return `● ${t.offer.title(name)} – ${t.product}`
  }
  const unread = workspace.inbox.unread.value
  return `${unread > 0 ? `(${unread}) ` : ''}${t.list.title} – ${t.product}`
}

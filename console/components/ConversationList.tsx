import { useEffect, useRef } from 'preact/hooks'

import type { ConversationRow as Row } from '../../shared/protocol/conversation.ts'
import { isOfferedTo, toWaitingSince } from '../models/views.ts'
import { inboxViews, type InboxView } from '../routes.ts'
import { t } from '../strings/current.ts'
import { useWorkspace } from './context.ts'
import { ConversationRow } from './ConversationRow.tsx'
import { EmptyList } from './EmptyList.tsx'
import { toFailureText } from './failure-text.ts'
import { Link } from './Link.tsx'
import { Wait } from './Time.tsx'

export interface ListProps {
  view: InboxView
  conversationId: string | undefined
}

/** The first pane: views, and the conversations of one, most urgent first. */
export function ConversationList({ view, conversationId }: ListProps) {
  const { inbox } = useWorkspace()
  const me = inbox.me.value
  const rows = inbox.views[view].value
  const myId = me.id
  const queue =
    view === 'mine' ? inbox.views.queue.value.filter((row) => !isOfferedTo(row, myId)) : []
  const counts = inbox.counts.value
  const numbers: Record<InboxView, number> = {
    mine: inbox.views.mine.value.length,
    queue: Math.max(counts.queue, inbox.views.queue.value.length),
    team: Math.max(counts.team, 0),
    closed: 0,
  }

  return (
    <section class="list-pane" aria-label={t.list.title}>
      <header class="list-head">
        <h1>
          {t.list.title}
          <small>
            <span class={`presence presence-${me.status}`} aria-hidden="true" />
            {t.list.load(inbox.load.value, me.capacity)}
          </small>
        </h1>
        <nav class="views" aria-label={t.list.views}>
          {inboxViews.map((name) => (
            <Link
              key={name}
              to={{ screen: 'inbox', view: name, ...(conversationId && { conversationId }) }}
              aria-current={name === view ? 'page' : undefined}
            >
              {t.views[name]}
              {numbers[name] > 0 && <b> {numbers[name]}</b>}
            </Link>
          ))}
        </nav>
      </header>
      <div class="rows" onKeyDown={moveFocus}>
        {inbox.isReady.value ? (
          <>
            <Rows label={t.list.label} rows={rows} view={view} conversationId={conversationId} />
            {rows.length === 0 && (view !== 'closed' || !!queue.length) && (
              <EmptyList view={view} isShort={queue.length > 0} />
            )}
            {queue.length > 0 && (
              <>
                <h2 class="rows-group" id="rows-queue">
                  {t.list.waitingInQueue}
                  <Oldest rows={queue} />
                </h2>
                <Rows
                  label={t.list.waitingInQueue}
                  rows={queue}
                  view={view}
                  conversationId={conversationId}
                />
              </>
            )}
            <More view={view} count={rows.length} total={numbers[view]} />
          </>
        ) : (
          <ListSkeleton />
        )}
      </div>
    </section>
  )
}

interface RowsProps extends ListProps {
  label: string
  rows: readonly Row[]
}

function Rows({ label, rows, view, conversationId }: RowsProps) {
  const { typing } = useWorkspace()
  const typers = typing.byConversation.value
  return (
    <ul class="row-list" role="list" aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <ConversationRow
            row={row}
            view={view}
            isOpen={row.id === conversationId}
            isTyping={typers.get(row.id)?.kind === 'visitor'}
          />
        </li>
      ))}
    </ul>
  )
}

function Oldest({ rows }: { rows: readonly Row[] }) {
  const since = rows.reduce<number | null>((oldest, row) => {
    const at = toWaitingSince(row)
    return at !== null && (oldest === null || at < oldest) ? at : oldest
  }, null)
  if (since === null) return null
  return (
    <span>
      {t.list.oldest('')}
      <Wait since={since} />
    </span>
  )
}

/** Asks for the next page when its place comes into sight, and on demand. */
function More({ view, count, total }: { view: InboxView; count: number; total: number }) {
  const { pages, link } = useWorkspace()
  const { isLoading, isLoaded, hasMore, failure } = pages.state(view).value
  const end = useRef<HTMLDivElement>(null)
  const isOnline = link.value.kind === 'online'
  const isMissing = view === 'closed' ? hasMore : hasMore && count < total
  useEffect(() => {
    if (!isMissing || !isOnline || failure || !end.current) return
    const watcher = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) void pages.loadMore(view)
    })
    watcher.observe(end.current)
    return () => watcher.disconnect()
  }, [isMissing, isOnline, failure, view, count, isLoading])

  if (failure) {
    return (
      <div class="rows-note" role="alert">
        <p>{t.list.failed}</p>
        <p class="hint">{toFailureText(failure)}</p>
        <button type="button" class="button" onClick={() => void pages.loadMore(view)}>
          {t.tryAgain}
        </button>
      </div>
    )
  }
  if (view === 'closed' && isLoaded && count === 0) return <EmptyList view={view} isShort={false} />
  if (!isMissing) return null
  return count === 0 ? (
    <div ref={end}>
      <ListSkeleton />
    </div>
  ) : (
    <div ref={end} class="rows-note">
      <button
        type="button"
        class="button"
        disabled={isLoading}
        onClick={() => void pages.loadMore(view)}
      >
        {isLoading ? t.loading : t.list.more}
      </button>
    </div>
  )
}

/** Rows without words: the space that the list will take. */
function ListSkeleton() {
  return (
    <div class="skeleton-rows" role="status" aria-label={t.loading}>
      {[68, 52, 80, 60].map((share) => (
        <div key={share} class="skeleton-row">
          <i />
          <span style={{ '--share': `${share}%` }} />
          <span style={{ '--share': `${140 - share}%` }} />
        </div>
      ))}
    </div>
  )
}

function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a.row')]
  const at = links.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  links[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

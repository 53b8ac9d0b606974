import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import type { Conversation } from '../models/conversation.ts'
import { t } from '../strings/current.ts'
import { toDayName } from '../text/time.ts'
import { useWorkspace } from './context.ts'
import { Icon } from './Icon.tsx'
import { MessageGroup } from './MessageGroup.tsx'
import { SystemLine } from './SystemLine.tsx'
import { TypingBubble } from './TypingBubble.tsx'

interface MessageLogProps {
  conversation: Conversation
  visitorName: string
}

/** This close to the end counts as at the end, px. */
const nearEnd = 48
/** Where the reader was in each conversation, to come back to. Null: at the end. */
const places = new Map<string, number | null>()

/** The history. Stays where the reader is; follows the end only when the reader is there. */
export function MessageLog({ conversation, visitorName }: MessageLogProps) {
  const { clock } = useWorkspace()
  const log = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(places.get(conversation.id) === null || !places.has(conversation.id))
  const [seen, setSeen] = useState(Number.POSITIVE_INFINITY)
  const items = conversation.items.value
  const isLoaded = conversation.isLoaded.value
  const typing = conversation.typing.value
  const received = countReceived(conversation)
  const unseen = Math.max(0, received - seen)

  const toEnd = (behavior: ScrollBehavior = 'instant') =>
    log.current?.scrollTo({ top: log.current.scrollHeight, behavior })
  const read = () => {
    if (!isAtEnd.current) return
    setSeen(Number.POSITIVE_INFINITY)
    if (document.visibilityState === 'visible' && document.hasFocus()) conversation.markRead()
  }
  const size = useRef('')
  const onScroll = () => {
    const box = log.current
    if (!box) return
    // A box of another size scrolls by itself: that is not the reader.
    const now = `${box.clientWidth} ${box.clientHeight}`
    const isResized = now !== size.current
    size.current = now
    if (isResized && isAtEnd.current) return toEnd()
    const wasAtEnd = isAtEnd.current
    isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd
    places.set(conversation.id, isAtEnd.current ? null : box.scrollTop)
    if (isAtEnd.current) read()
    else if (wasAtEnd) setSeen(received)
  }

  useLayoutEffect(() => {
    if (!isLoaded) return
    const place = places.get(conversation.id)
    if (isAtEnd.current) toEnd()
    else if (place !== undefined && place !== null) log.current?.scrollTo({ top: place })
  }, [isLoaded])
  useLayoutEffect(() => {
    const newest = items.at(-1)
    // My own words always come into sight.
    const isMine = newest?.kind === 'group' && newest.delivery === 'sending'
    if (isMine) isAtEnd.current = true
    if (isAtEnd.current) toEnd()
    read()
  }, [items, typing])
  useEffect(() => {
    const box = log.current
    if (!box) return
    const watcher = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd()
    })
    watcher.observe(box)
    window.addEventListener('focus', read)
    document.addEventListener('visibilitychange', read)
    return () => {
      watcher.disconnect()
      window.removeEventListener('focus', read)
      document.removeEventListener('visibilitychange', read)
    }
  }, [conversation])

  return (
    <div class="log-frame">
      {/* Not live itself: loading a history is no news. What is new is said by the announcer below. */}
      <div
        class="log"
        ref={log}
        role="log"
        aria-live="off"
        aria-label={t.conversation.log}
        aria-busy={!isLoaded}
        tabIndex={0}
        onScroll={onScroll}
      >
        {!isLoaded && items.length === 0 && <LogSkeleton />}
        {items.map((item) => {
          switch (item.kind) {
            case 'day':
              return (
                <p key={item.key} class="log-day">
                  <span>{toDayName(item.at, clock.read())}</span>
                </p>
              )
            case 'system':
              return <SystemLine key={item.key} event={item.event} visitorName={visitorName} />
            case 'group':
              return <MessageGroup key={item.key} group={item} visitorName={visitorName} />
          }
        })}
        {typing && <TypingBubble typing={typing} visitorName={visitorName} />}
      </div>
      {unseen > 0 && (
        <button type="button" class="new-pill" onClick={() => toEnd('smooth')}>
          <Icon name="arrowDown" size="small" />
          {t.conversation.newMessages(unseen)}
        </button>
      )}
      <Announcer conversation={conversation} visitorName={visitorName} />
    </div>
  )
}

/** Says a visitor's new words to a screen reader: not the history, not our own. */
function Announcer({ conversation, visitorName }: MessageLogProps) {
  const [text, setText] = useState('')
  const known = useRef<number | undefined>(undefined)
  const seq = conversation.lastVisitorSeq.value
  const isLoaded = conversation.isLoaded.value
  useEffect(() => {
    if (!isLoaded) return
    const group = conversation.items
      .peek()
      .findLast((item) => item.kind === 'group' && item.side === 'in')
    if (known.current !== undefined && seq > known.current && group?.kind === 'group') {
      setText(`${visitorName}: ${group.bubbles.at(-1)?.text ?? ''}`)
    }
    known.current = seq
  }, [seq, isLoaded])
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  )
}

function countReceived({ items }: Conversation) {
  let count = 0
  for (const item of items.value) {
    if (item.kind === 'group' && item.side === 'in') count += item.bubbles.length
  }
  return count
}

function LogSkeleton() {
  return (
    <div class="skeleton-log" role="status" aria-label={t.loading}>
      <span class="in" />
      <span class="out" />
      <span class="in" />
    </div>
  )
}

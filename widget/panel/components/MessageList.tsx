import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import type { OutboxEntry } from '../../../shared/connection/types.ts'
import type { Item } from '../models/items.ts'
import type { Strings } from '../strings/en.ts'
import type { When } from '../when.ts'
import { Icon } from './Icon.tsx'
import { MessageGroup } from './MessageGroup.tsx'

interface MessageListProps {
  items: readonly Item[]
  /** Name of who is typing. */
  typist: string | undefined
  isLoading: boolean
  now: number
  t: Strings
  when: When
  onRetry: (entry: OutboxEntry) => void
  /** Whether the last words are in sight. */
  onEnd: (isAtEnd: boolean) => void
  /** What stands below the last words. */
  children?: ComponentChildren
}

/** Near enough to the end to stay there when more comes. */
const slackPx = 48

/** The history. Stays where the reader is: at the end, or where they scrolled to. */
export function MessageList(props: MessageListProps) {
  const { items, typist, isLoading, now, t, when, onRetry, onEnd, children } = props
  const log = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const [hasNew, setHasNew] = useState(false)
  const lastKey = useRef<string>(undefined)

  function toEnd() {
    const element = log.current
    if (element) element.scrollTop = element.scrollHeight
  }

  function setAtEnd(now: boolean) {
    isAtEnd.current = now
    if (now) setHasNew(false)
    onEnd(now)
  }

  function follow() {
    const element = log.current
    // A hidden list has no height and no place.
    if (!element?.clientHeight) return
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < slackPx)
  }

  const last = items.findLast(({ kind }) => kind === 'group')
  const lastWords = last?.kind === 'group' ? last.bubbles.at(-1)?.key : undefined
  useLayoutEffect(() => {
    const isNews = lastWords !== lastKey.current
    lastKey.current = lastWords
    if (isNews && last?.kind === 'group' && last.isMine) setAtEnd(true)
    if (isAtEnd.current) toEnd()
    else if (isNews) setHasNew(true)
  })

  useEffect(() => {
    const element = log.current
    if (!element) return
    // The keyboard, the composer and the window change the height; the end stays in sight.
    const observer = new ResizeObserver(() => isAtEnd.current && toEnd())
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  return (
    <div class="history">
      <div
        class="log"
        ref={log}
        role="log"
        aria-live="off"
        aria-label={t.history}
        tabIndex={0}
        onScroll={follow}
      >
        {isLoading && <div class="skeleton" aria-hidden="true" />}
        {items.map((item) =>
          item.kind === 'group' ? (
            <MessageGroup key={item.key} group={item} t={t} when={when} onRetry={onRetry} />
          ) : (
            <div class="line" key={item.key}>
              {item.kind === 'day' ? (
                when.day(item.at, now)
              ) : (
                <>
                  {item.name && <bdi>{item.name}</bdi>}
                  {t[item.what]}
                </>
              )}
            </div>
          ),
        )}
        {typist && (
          <div class="said theirs">
            <div class="bubble dots">
              <span class="unseen">{t.isTyping(typist)}</span>
              <i />
              <i />
              <i />
            </div>
          </div>
        )}
        {children}
      </div>
      {hasNew && (
        <button
          type="button"
          class="pill"
          onClick={() => {
            setAtEnd(true)
            toEnd()
          }}
        >
          {t.toNewMessages}
          <Icon name="down" />
        </button>
      )}
    </div>
  )
}

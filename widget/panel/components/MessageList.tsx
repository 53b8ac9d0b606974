import { Component, createRef, type ComponentChildren } from 'preact'

import type { Item } from '../models/items.ts'
import type { ChatStrings } from '../strings/chat.en.ts'
import { Icon } from './Icon.tsx'
import { MessageRows, type MessageRowsProps } from './MessageRows.tsx'

interface MessageListProps extends MessageRowsProps {
  t: ChatStrings
  /** Name of who is typing. */
  typist: string | undefined
  isLoading: boolean
  /** Whether the last words are in sight. */
  onEnd: (isAtEnd: boolean) => void
  /** What stands below the last words. */
  children?: ComponentChildren
}

/** Near enough to the end to stay there when more comes. */
const slackPx = 48

/** The history. Stays where the reader is: at the end, or where they scrolled to. */
export class MessageList extends Component<MessageListProps, { hasNew: boolean }> {
  override state = { hasNew: false }
  #log = createRef<HTMLDivElement>()
  #isAtEnd = true
  // The keyboard, the composer and the window change the height; the end stays in sight.
  #resizes = new ResizeObserver(() => this.#stay())

  override componentDidMount() {
    if (this.#log.current) this.#resizes.observe(this.#log.current)
    this.#stay()
  }

  override componentDidUpdate({ items }: MessageListProps) {
    const last = findLast(this.props.items)
    const isNews = last?.key !== findLast(items)?.key
    if (isNews && last?.isMine) this.#setAtEnd(true)
    else if (isNews && !this.#isAtEnd) this.setState({ hasNew: true })
    this.#stay()
  }

  override componentWillUnmount() {
    this.#resizes.disconnect()
  }

  #stay() {
    const log = this.#log.current
    if (log && this.#isAtEnd) log.scrollTop = log.scrollHeight
  }

  #setAtEnd(isAtEnd: boolean) {
    this.#isAtEnd = isAtEnd
    if (isAtEnd && this.state.hasNew) this.setState({ hasNew: false })
    this.props.onEnd(isAtEnd)
  }

  #follow = () => {
    const log = this.#log.current
    // A hidden list has no height and no place.
    if (!log?.clientHeight) return
    this.#setAtEnd(log.scrollHeight - log.scrollTop - log.clientHeight < slackPx)
  }

  #goToEnd = () => {
    // The pill goes away: the focus does not go with it.
    this.#log.current?.focus()
    this.#setAtEnd(true)
    this.#stay()
  }

  override render({ t, typist, isLoading, children, ...rows }: MessageListProps) {
    return (
      <div class="history">
        <div
          class="log"
          ref={this.#log}
          role="log"
          aria-live="off"
          aria-label={t.history}
          tabIndex={0}
          onScroll={this.#follow}
        >
          {isLoading && <div class="skeleton" />}
          <MessageRows t={t} {...rows} />
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
        {this.state.hasNew && (
          <button type="button" class="pill" onClick={this.#goToEnd}>
            {t.toNewMessages}
            <Icon name="down" />
          </button>
        )}
      </div>
    )
  }
}

/** The last words. */
function findLast(items: readonly Item[]) {
  const last = items.findLast((item) => item.kind === 'group')
  const bubble = last?.bubbles.at(-1)
  return last && bubble && { key: bubble.key, isMine: last.isMine }
}

import { Component } from 'preact'

import type { OutboxEntry } from '../../../shared/connection/types.ts'
import type { Item } from '../models/items.ts'
import type { ChatStrings } from '../strings/chat.en.ts'
import type { When } from '../when.ts'
import { MessageGroup } from './MessageGroup.tsx'

export interface MessageRowsProps {
  items: readonly Item[]
  t: ChatStrings
  when: When
  onRetry: (entry: OutboxEntry) => void
}

/** Days, small lines and bubbles. Left alone while they are the same: a keystroke costs no long history. */
export class MessageRows extends Component<MessageRowsProps> {
  override shouldComponentUpdate({ items }: MessageRowsProps) {
    return items !== this.props.items
  }

  override render({ items, t, when, onRetry }: MessageRowsProps) {
    return items.map((item) =>
      item.kind === 'group' ? (
        <MessageGroup key={item.key} group={item} t={t} when={when} onRetry={onRetry} />
      ) : (
        <div class="line" dir="auto" key={item.key}>
          {item.kind === 'day' ? (
            when.day(item.at)
          ) : (
            <>
              <bdi>{item.name}</bdi>
              {t[item.what]}
            </>
          )}
        </div>
      ),
    )
  }
}

import type { OutboxEntry } from '../../../shared/connection/types.ts'
import type { Group } from '../models/items.ts'
import type { ChatStrings } from '../strings/chat.en.ts'
import type { When } from '../when.ts'
import { MessageText } from './MessageText.tsx'

interface MessageGroupProps {
  group: Group
  t: ChatStrings
  when: When
  onRetry: (entry: OutboxEntry) => void
}

/** What one person said within a minute, with the time and, for one's own, what became of it. */
export function MessageGroup({ group, t, when, onRetry }: MessageGroupProps) {
  const { isMine, name, bubbles, at, state, failed } = group
  return (
    <div class={`said ${isMine ? 'mine' : 'theirs'}${failed ? ' failed' : ''}`}>
      <span class="unseen">{isMine ? t.you : name}: </span>
      {bubbles.map(({ key, text }) => (
        <div class="bubble" dir="auto" key={key}>
          <MessageText text={text} />
        </div>
      ))}
      {failed ? (
        <small class="bad">
          {t.notSent} –{' '}
          <button type="button" onClick={() => onRetry(failed)}>
            {t.tryAgain}
          </button>
          {failed.code && t.why[failed.code] && <span> · {t.why[failed.code]}</span>}
        </small>
      ) : (
        <small>
          {state === 'sending' ? (
            t.sending
          ) : (
            <>
              <time title={when.full(at)} dateTime={new Date(at).toISOString()}>
                {when.clock(at)}
              </time>
              {state && ` · ${state === 'read' ? t.read : t.sent}`}
            </>
          )}
        </small>
      )}
    </div>
  )
}

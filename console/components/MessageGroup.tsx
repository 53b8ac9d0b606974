import type { Item } from '../models/timeline-items.ts'
import { t } from '../strings/current.ts'
import { toClock, toFullTime } from '../text/time.ts'
import { useWorkspace } from './context.ts'
import { toFailureText } from './failure-text.ts'
import { Icon } from './Icon.tsx'
import { Linked } from './Linked.tsx'

type Group = Extract<Item, { kind: 'group' }>

/** Messages of one author in one minute, with the time and how far they came under them. */
export function MessageGroup({ group, visitorName }: { group: Group; visitorName: string }) {
  const { inbox } = useWorkspace()
  const isMine = group.authorId === inbox.me.value.id
  const author = group.side === 'in' ? visitorName : isMine ? t.you : (group.authorName ?? '')

  return (
    <div
      class={`group group-${group.side}`}
      role="group"
      aria-label={t.conversation.from(author, toClock(group.at))}
    >
      {group.bubbles.map((bubble) => (
        <p key={bubble.key} class="bubble" dir="auto">
          <Linked text={bubble.text} />
        </p>
      ))}
      <p class="group-foot">
        {group.side === 'note' && <span>{t.conversation.internalNote}</span>}
        {group.side !== 'in' && !isMine && (
          <span>
            <bdi>{author}</bdi>
          </span>
        )}
        {group.delivery === 'failed' ? (
          <Failed group={group} />
        ) : group.delivery === 'sending' ? (
          <span>{t.conversation.sending}</span>
        ) : (
          <>
            <time dateTime={new Date(group.at).toISOString()} title={toFullTime(group.at)}>
              {toClock(group.at)}
            </time>
            {group.delivery && (
              <span class={`delivery delivery-${group.delivery}`}>
                {group.delivery === 'read' ? t.conversation.read : t.conversation.sent}
                <Icon name={group.delivery === 'read' ? 'checks' : 'check'} size="small" />
              </span>
            )}
          </>
        )}
      </p>
    </div>
  )
}

function Failed({ group }: { group: Group }) {
  const { outbox } = useWorkspace()
  const failed = group.bubbles.flatMap((bubble) => bubble.failed ?? [])
  return (
    <span class="failed">
      <Icon name="alert" size="small" />
      <span title={toFailureText({ code: failed[0]?.code })}>{t.conversation.notSent}</span>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          for (const { clientId } of failed) outbox.retry(clientId)
        }}
      >
        {t.tryAgain}
      </button>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          for (const { clientId } of failed) outbox.discard(clientId)
        }}
      >
        {t.conversation.discard}
      </button>
    </span>
  )
}

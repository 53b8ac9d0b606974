import type { Conversation } from '../models/conversation.ts'
import { toWaitingSince } from '../models/views.ts'
import type { InboxView } from '../routes.ts'
import { t } from '../strings/current.ts'
import { toAvatarName, toVisitorName } from '../text/names.ts'
import { Avatar } from './Avatar.tsx'
import { Composer } from './Composer.tsx'
import { useApp, useWorkspace } from './context.ts'
import { ConversationActions } from './ConversationActions.tsx'
import { toFailureText } from './failure-text.ts'
import { Icon } from './Icon.tsx'
import { Link } from './Link.tsx'
import { MessageLog } from './MessageLog.tsx'
import { Wait } from './Time.tsx'

export interface ConversationPaneProps {
  conversation: Conversation
  view: InboxView
  areDetailsShown: boolean
  onToggleDetails(): void
}

/** The middle pane: who it is, what was said, and where one answers. */
export function ConversationPane(props: ConversationPaneProps) {
  const { conversation, view } = props
  const failure = conversation.failure.value
  const name = useVisitorName(conversation)
  const isMissing = conversation.isLoaded.value && conversation.standing.value === undefined

  if (failure || isMissing) {
    const isGone = !failure || failure.code === 'not-found' || failure.code === 'not-allowed'
    return (
      <main class="conversation conversation-empty" id="main">
        <h2>{isGone ? t.conversation.notFound : t.conversation.failed}</h2>
        <p class="hint">{isGone ? t.conversation.notFoundHint : toFailureText(failure)}</p>
        <Link class="button" to={{ screen: 'inbox', view }}>
          {t.conversation.backToList}
        </Link>
      </main>
    )
  }
  return (
    <main class="conversation" id="main" aria-label={name}>
      {/* On a phone the list is not there, and with it the heading that names the screen. */}
      <h1 class="visually-hidden only-phone">{t.list.title}</h1>
      <ConversationHeader {...props} />
      <MessageLog key={conversation.id} conversation={conversation} visitorName={name} />
      <Composer key={`composer ${conversation.id}`} conversation={conversation} />
    </main>
  )
}

/** What the visitor of an open conversation is called, as soon as anything tells. */
export function useVisitorName({ row, details }: Conversation): string {
  const source = row.value
  const known = details.value
  return toVisitorName(
    source?.visitorName ?? known?.visitor.name ?? null,
    source?.timeZone ?? known?.timeZone ?? null,
  )
}

function ConversationHeader({
  conversation,
  view,
  areDetailsShown,
  onToggleDetails,
}: ConversationPaneProps) {
  const { inbox } = useWorkspace()
  const { router } = useApp()
  const row = conversation.row.value
  const details = conversation.details.value
  const name = useVisitorName(conversation)
  const since = row ? toWaitingSince(row) : null
  const page = details?.page?.title || undefined
  const department =
    details?.departmentName ?? (row && inbox.departments.value.get(row.departmentId))

  return (
    <header class="conversation-head">
      <button
        type="button"
        class="icon-button only-phone"
        aria-label={t.conversation.backToList}
        onClick={() => router.go({ screen: 'inbox', view })}
      >
        <Icon name="back" />
      </button>
      <Avatar
        name={toAvatarName(row?.visitorName ?? details?.visitor.name ?? null)}
        hue={row?.hue ?? details?.visitor.hue ?? 268}
        presence={row?.isVisitorPresent ? 'online' : undefined}
      />
      <div class="conversation-who">
        <h2 tabIndex={-1} id="conversation-title">
          <bdi>{name}</bdi>
        </h2>
        <p>
          {page && (
            <span class="conversation-page">
              <bdi>{t.conversation.on(page)}</bdi>
            </span>
          )}
          {department && (
            <span>
              <bdi>{department}</bdi>
            </span>
          )}
          {since !== null && (
            <span>
              {t.conversation.waiting('')}
              <Wait since={since} />
            </span>
          )}
        </p>
      </div>
      <div class="conversation-actions">
        <ConversationActions conversation={conversation} />
        <button
          type="button"
          class="icon-button only-narrow"
          aria-expanded={areDetailsShown}
          aria-controls="details"
          aria-label={t.conversation.details}
          title={t.conversation.details}
          onClick={onToggleDetails}
        >
          <Icon name="panel" />
        </button>
      </div>
    </header>
  )
}

import { useComputed } from '@preact/signals'
import type { ComponentChildren } from 'preact'

import type { ConversationDetails } from '../../shared/protocol/conversation.ts'
import type { Conversation } from '../models/conversation.ts'
import type { InboxView } from '../routes.ts'
import { t } from '../strings/current.ts'
import {
  toAvatarName,
  toHost,
  toLanguageName,
  toPagePath,
  toPlace,
  toVisitorName,
} from '../text/names.ts'
import { toClockIn, toShortDate } from '../text/time.ts'
import { Avatar } from './Avatar.tsx'
import { useWorkspace } from './context.ts'
import { Icon } from './Icon.tsx'
import { Link } from './Link.tsx'
import { Outside } from './Outside.tsx'

interface DetailsPaneProps {
  conversation: Conversation
  view: InboxView
  isOpen: boolean
  onClose(): void
}

/** The third pane: whom one is talking with. */
export function DetailsPane({ conversation, view, isOpen, onClose }: DetailsPaneProps) {
  const details = conversation.details.value
  const row = conversation.row.value
  return (
    <aside class={isOpen ? 'details is-open' : 'details'} id="details" aria-label={t.details.label}>
      <button
        type="button"
        class="icon-button only-narrow details-close"
        aria-label={t.details.close}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
      {details ? (
        <Facts details={details} view={view} isPresent={row?.isVisitorPresent ?? false} />
      ) : (
        <div class="skeleton-details" role="status" aria-label={t.loading}>
          <i />
          <span />
          <span />
          <span />
        </div>
      )}
    </aside>
  )
}

interface FactsProps {
  details: ConversationDetails
  view: InboxView
  isPresent: boolean
}

function Facts({ details, view, isPresent }: FactsProps) {
  const { clock } = useWorkspace()
  const { visitor, page, startPage, referrer, language, timeZone, browser } = details
  const name = toVisitorName(visitor.name, timeZone)
  const localTime = useComputed(() => {
    const time = timeZone ? toClockIn(timeZone, clock.now.value) : undefined
    const place = toPlace(timeZone)
    return time && place ? t.details.atPlace(time, place) : (time ?? '')
  })

  return (
    <>
      <div class="details-who">
        <Avatar name={toAvatarName(visitor.name)} hue={visitor.hue} size="large" />
        <h2>
          <bdi>{name}</bdi>
        </h2>
        {visitor.email ? (
          <a href={`mailto:${visitor.email}`}>
            <bdi>{visitor.email}</bdi>
          </a>
        ) : (
          <p class="hint">{t.details.noEmail}</p>
        )}
      </div>
      {page && (
        <section>
          <h3>{t.details.onTheSite}</h3>
          <ul class="trail" role="list">
            <li class={isPresent ? 'is-here' : ''}>
              <PageLink page={page} />
              {isPresent && <span>{t.details.here}</span>}
            </li>
          </ul>
          {startPage && startPage.url !== page.url && (
            <Rows>
              <Fact term={t.details.startPage}>
                <PageLink page={startPage} />
              </Fact>
            </Rows>
          )}
        </section>
      )}
      <section>
        <h3>{t.details.about}</h3>
        <Rows>
          {timeZone && localTime.value && <Fact term={t.details.localTime}>{localTime}</Fact>}
          {language && <Fact term={t.details.language}>{toLanguageName(language)}</Fact>}
          {browser && <Fact term={t.details.browser}>{browser}</Fact>}
          {referrer && (
            <Fact term={t.details.referrer}>
              <Outside url={referrer}>{toHost(referrer)}</Outside>
            </Fact>
          )}
          <Fact term={t.details.site}>{details.siteName}</Fact>
          <Fact term={t.details.department}>{details.departmentName}</Fact>
          <Fact term={t.details.firstSeen}>{toShortDate(visitor.firstSeenAt, clock.read())}</Fact>
        </Rows>
      </section>
      <section>
        <h3>
          {t.details.earlier}
          {details.earlier.length > 0 && <span>{details.earlier.length}</span>}
        </h3>
        {details.earlier.length === 0 ? (
          <p class="hint">{t.details.noEarlier}</p>
        ) : (
          <ul class="earlier" role="list">
            {details.earlier.map(({ id, startedAt, firstWords }) => (
              <li key={id}>
                <Link to={{ screen: 'inbox', view, conversationId: id }}>
                  <span>{toShortDate(startedAt, clock.read())}</span>
                  <bdi>{firstWords || '…'}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  )
}

function PageLink({ page }: { page: { url: string; title: string } }) {
  return (
    <Outside url={page.url}>
      <bdi>{page.title || toPagePath(page.url)}</bdi>
    </Outside>
  )
}

const Rows = ({ children }: { children: ComponentChildren }) => <dl class="facts">{children}</dl>

const Fact = ({ term, children }: { term: string; children: ComponentChildren }) => (
  <div>
    <dt>{term}</dt>
    <dd>{children}</dd>
  </div>
)

import { useComputed } from '@preact/signals'
import { useState } from 'preact/hooks'

import { limits } from '../../shared/protocol/limits.ts'
import type { Offer } from '../models/offers.ts'
import { t } from '../strings/current.ts'
import { toAvatarName, toVisitorName } from '../text/names.ts'
import { Avatar } from './Avatar.tsx'
import { useWorkspace } from './context.ts'
import { Icon } from './Icon.tsx'
import { useOfferActions } from './use-offer-actions.ts'

const mostShown = 3

/** The chats that ring, over everything else, the most urgent first. */
export function OfferBar() {
  const { offers } = useWorkspace()
  const list = offers.list.value
  const rest = list.length - mostShown
  return (
    <section class="offers" aria-label={t.offer.region}>
      <div class="visually-hidden" role="alert">
        {list[0] && t.offer.ring(toName(list[0]))}
      </div>
      {list.slice(0, mostShown).map((offer, index) => (
        <OfferCard key={offer.id} offer={offer} isFirst={index === 0} />
      ))}
      {rest > 0 && <p class="offers-more">{t.offer.more(rest)}</p>}
    </section>
  )
}

const toName = ({ row }: Offer) => toVisitorName(row.visitorName, row.timeZone)

function OfferCard({ offer, isFirst }: { offer: Offer; isFirst: boolean }) {
  const { inbox } = useWorkspace()
  const { accept, decline } = useOfferActions()
  const [isExplaining, setExplaining] = useState(false)
  const name = toName(offer)
  const place = [
    inbox.departments.value.get(offer.row.departmentId),
    inbox.sites.value.get(offer.row.siteId),
  ].filter(Boolean)

  return (
    <article class="offer" aria-label={t.offer.ring(name)}>
      <Avatar name={toAvatarName(offer.row.visitorName)} hue={offer.row.hue} />
      <div class="offer-words">
        <p>
          <strong>
            <bdi>{name}</bdi>
          </strong>
          <span class="hint">{place.join(' · ')}</span>
        </p>
        <p class="offer-first" dir="auto">
          {offer.firstWords}
        </p>
      </div>
      <Deadline offer={offer} />
      {isExplaining ? (
        <ReasonForm
          onCancel={() => setExplaining(false)}
          onDecline={(reason) => decline(offer, reason)}
        />
      ) : (
        <div class="offer-actions">
          <span class="split">
            <button
              type="button"
              class="button"
              disabled={offer.isAnswering}
              onClick={() => decline(offer)}
            >
              {t.offer.decline}
            </button>
            <button
              type="button"
              class="button split-more"
              aria-label={t.offer.declineWithReason}
              title={t.offer.declineWithReason}
              disabled={offer.isAnswering}
              onClick={() => setExplaining(true)}
            >
              <Icon name="down" size="small" />
            </button>
          </span>
          <button
            type="button"
            class="button button-primary"
            disabled={offer.isAnswering}
            onClick={() => accept(offer)}
          >
            {t.offer.accept}
            {/* The key takes the first one only. */}
            {isFirst && (
              <kbd class="only-wide" aria-hidden="true">
                A
              </kbd>
            )}
          </button>
        </div>
      )}
    </article>
  )
}

/** The time that is left, as a number and as a bar that shrinks. */
function Deadline({ offer }: { offer: Offer }) {
  const { clock } = useWorkspace()
  const left = useComputed(() =>
    Math.max(0, Math.ceil((offer.deadlineAt - clock.now.value) / 1000)),
  )
  const share = Math.max(0, Math.min(1, (left.value * 1000) / offer.totalMs))
  return (
    <>
      <span class="offer-left" title={t.offer.secondsLeftLong(left.value)}>
        {t.offer.secondsLeft(left.value)}
      </span>
      <span class="offer-bar" style={{ '--left': String(share) }} aria-hidden="true" />
    </>
  )
}

function ReasonForm(props: { onCancel(): void; onDecline(reason: string): void }) {
  const [reason, setReason] = useState('')
  return (
    <form
      class="offer-actions offer-reason"
      onSubmit={(event) => {
        event.preventDefault()
        props.onDecline(reason)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onCancel()
      }}
    >
      <input
        class="input"
        ref={(input) => input?.focus()}
        aria-label={t.offer.reason}
        placeholder={t.offer.reason}
        maxLength={limits.reason}
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <button type="button" class="button" onClick={props.onCancel}>
        {t.cancel}
      </button>
      <button type="submit" class="button button-primary">
        {t.offer.decline}
      </button>
    </form>
  )
}

import { computed, signal, type ReadonlySignal } from '@preact/signals'

import type { RequestFailure, Timers } from '../../shared/connection/types.ts'
import type { ConversationRow } from '../../shared/protocol/conversation.ts'
import type { Clock } from './clock.ts'
import type { AgentConnection } from './inbox.ts'
import { isOfferedTo } from './views.ts'

export interface Offer {
  id: string
  row: ConversationRow
  firstWords: string
  deadlineAt: number
  /** How long it rings in all, ms, for the bar that shrinks. */
  totalMs: number
  /** An answer of mine is on its way. */
  isAnswering: boolean
}

export interface Offers {
  /** The most urgent first. */
  readonly list: ReadonlySignal<readonly Offer[]>
  /** Rejects with a `RequestFailure`. */
  accept(offerId: string): Promise<void>
  decline(offerId: string, reason?: string): Promise<void>
  stop(): void
}

/** A deadline may be a little behind on this side: the server has the last word, but it must not ring forever. */
const patienceMs = 3000

export interface OffersDeps {
  connection: AgentConnection
  /** Sends a command; what it wrote reaches the history. */
  act(command: { type: string; [field: string]: unknown }): Promise<void>
  clock: Clock
  timers: Timers
}

/** The chats that ring. */
export function createOffers({ connection, act, clock, timers }: OffersDeps): Offers {
  const held = signal<ReadonlyMap<string, Offer>>(new Map())

  const remove = (id: string) => {
    if (!held.peek().has(id)) return
    const next = new Map(held.peek())
    next.delete(id)
    held.value = next
  }
  const put = (offer: Offer) => {
    held.value = new Map(held.peek()).set(offer.id, offer)
    timers.after(Math.max(0, offer.deadlineAt - clock.read()) + patienceMs, () => remove(offer.id))
  }
  const toOffer = (
    id: string,
    row: ConversationRow,
    firstWords: string,
    deadlineAt: number,
  ): Offer => ({
    id,
    row,
    firstWords,
    deadlineAt,
    totalMs: Math.max(1000, deadlineAt - clock.read()),
    isAnswering: false,
  })

  const stopWelcome = connection.onWelcome(({ rows, me }) => {
    const earlier = held.peek()
    held.value = new Map()
    for (const row of rows) {
      if (!row.offer || !isOfferedTo(row, me.id)) continue
      const { id, deadlineAt } = row.offer
      put(earlier.get(id) ?? toOffer(id, row, row.lastMessage?.text ?? '', deadlineAt))
    }
  })
  const stopPush = connection.onPush((push) => {
    if (push.type === 'offer') {
      clock.setServerTime(push.serverTime)
      put(toOffer(push.offerId, push.row, push.firstWords, push.deadlineAt))
    }
    if (push.type === 'offer.gone') remove(push.offerId)
  })

  async function answer(
    type: 'offer.accept' | 'offer.decline',
    offerId: string,
    more: { reason?: string } = {},
  ) {
    const offer = held.peek().get(offerId)
    if (!offer || offer.isAnswering) return
    const change = (isAnswering: boolean) => {
      if (held.peek().has(offerId)) {
        held.value = new Map(held.peek()).set(offerId, { ...offer, isAnswering })
      }
    }
    change(true)
    try {
      await act({ type, conversationId: offer.row.id, offerId, ...more })
      remove(offerId)
    } catch (error) {
      const { code } = error as RequestFailure
      if (code === 'offer-gone' || code === 'already-claimed' || code === 'not-found') {
        remove(offerId)
      } else change(false)
      throw error
    }
  }

  return {
    list: computed(() => [...held.value.values()].sort((a, b) => a.deadlineAt - b.deadlineAt)),
    accept: (offerId) => answer('offer.accept', offerId),
    decline: (offerId, reason) =>
      answer('offer.decline', offerId, reason?.trim() ? { reason: reason.trim() } : {}),
    stop() {
      stopWelcome()
      stopPush()
    },
  }
}

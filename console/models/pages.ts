import { signal, type ReadonlySignal } from '@preact/signals'
import * as v from 'valibot'

import type { RequestFailure } from '../../shared/connection/types.ts'
import { listedSchema } from '../../shared/protocol/events.ts'
import type { InboxView } from '../routes.ts'
import type { AgentConnection, Inbox } from './inbox.ts'

export interface PageState {
  isLoading: boolean
  /** At least one page was asked for and came. */
  isLoaded: boolean
  hasMore: boolean
  failure: RequestFailure | undefined
}

export interface Pages {
  state(view: InboxView): ReadonlySignal<PageState>
  /** Asks for the next page of a view, unless one is on its way or there is none. */
  loadMore(view: InboxView): Promise<void>
  stop(): void
}

const fresh: PageState = { isLoading: false, isLoaded: false, hasMore: true, failure: undefined }

/** The pages of the lists that go on longer than a welcome does. */
export function createPages(connection: AgentConnection, inbox: Inbox): Pages {
  const states = {
    mine: signal(fresh),
    queue: signal(fresh),
    team: signal(fresh),
    closed: signal(fresh),
  }
  const cursors = new Map<InboxView, string>()

  // After a reconnect the old cursors still stand in the right place, but what lies before them may have moved.
  const stop = connection.onWelcome(() => {
    cursors.clear()
    for (const state of Object.values(states)) state.value = fresh
  })

  return {
    state: (view) => states[view],
    stop,
    async loadMore(view) {
      const state = states[view]
      if (state.peek().isLoading || !state.peek().hasMore) return
      state.value = { ...state.peek(), isLoading: true, failure: undefined }
      const cursor = cursors.get(view)
      try {
        const answer = await connection.request({
          type: 'conversation.list',
          view,
          ...(cursor !== undefined && { cursor }),
        })
        const { rows, nextCursor } = v.parse(listedSchema, answer)
        if (nextCursor !== null) cursors.set(view, nextCursor)
        inbox.merge(rows)
        state.value = {
          isLoading: false,
          isLoaded: true,
          hasMore: nextCursor !== null,
          failure: undefined,
        }
      } catch (failure) {
        state.value = { ...state.peek(), isLoading: false, failure: failure as RequestFailure }
      }
    },
  }
}

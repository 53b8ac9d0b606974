import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'

import type { Connection } from '../../shared/connection/types.ts'
import type { Colleague, ConversationRow } from '../../shared/protocol/conversation.ts'
import type { AgentPush, AgentWelcome, ViewCounts } from '../../shared/protocol/events.ts'
import type { InboxView } from '../routes.ts'
import { toView } from './views.ts'

export type AgentConnection = Connection<AgentWelcome, AgentPush>
export type MyAccount = AgentWelcome['me']

export interface Inbox {
  /** False until the first welcome: space is kept, nothing is claimed to be empty. */
  readonly isReady: ReadonlySignal<boolean>
  readonly me: ReadonlySignal<MyAccount>
  readonly rows: ReadonlySignal<ReadonlyMap<string, ConversationRow>>
  readonly views: Readonly<Record<InboxView, ReadonlySignal<readonly ConversationRow[]>>>
  readonly counts: ReadonlySignal<ViewCounts>
  readonly colleagues: ReadonlySignal<ReadonlyMap<string, Colleague>>
  readonly departments: ReadonlySignal<ReadonlyMap<string, string>>
  readonly sites: ReadonlySignal<ReadonlyMap<string, string>>
  /** Chats that I hold or that are offered to me. */
  readonly load: ReadonlySignal<number>
  /** Visitor messages in my chats that I have not read. */
  readonly unread: ReadonlySignal<number>
  /** Rows that came as an answer: a page of a list. */
  merge(rows: readonly ConversationRow[]): void
  setMe(me: MyAccount): void
  stop(): void
}

const noCounts: ViewCounts = { mine: 0, queue: 0, team: 0 }

/** The lists as the server tells them: a welcome starts anew, pushes keep them right. */
export function createInbox(
  connection: AgentConnection,
  account: Omit<MyAccount, 'status' | 'departmentIds'>,
): Inbox {
  const isReady = signal(false)
  const me = signal<MyAccount>({ ...account, status: 'away', departmentIds: [] })
  const rows = signal<ReadonlyMap<string, ConversationRow>>(new Map())
  const counts = signal(noCounts)
  const colleagues = signal<ReadonlyMap<string, Colleague>>(new Map())
  const departments = signal<ReadonlyMap<string, string>>(new Map())
  const sites = signal<ReadonlyMap<string, string>>(new Map())

  const put = (changed: readonly ConversationRow[]) => {
    const next = new Map(rows.peek())
    for (const row of changed) next.set(row.id, row)
    rows.value = next
  }
  const drop = (ids: readonly string[]) => {
    const next = new Map(rows.peek())
    for (const id of ids) next.delete(id)
    rows.value = next
  }

  const stopWelcome = connection.onWelcome((welcome) =>
    batch(() => {
      me.value = welcome.me
      counts.value = welcome.counts
      colleagues.value = byId(welcome.colleagues)
      departments.value = new Map(welcome.departments.map(({ id, name }) => [id, name]))
      sites.value = new Map(welcome.sites.map(({ id, name }) => [id, name]))
      // What is open may have changed while this client was away. What was closed is asked for again when it is looked at.
      const closed = [...rows.peek().values()].filter((row) => row.status === 'closed')
      rows.value = byId([...closed, ...welcome.rows])
      isReady.value = true
    }),
  )
  const stopPush = connection.onPush((push) => {
    switch (push.type) {
      case 'rows':
        return batch(() => {
          put(push.rows)
          counts.value = push.counts
        })
      case 'rows.gone':
        return drop(push.ids)
      case 'offer':
        return put([push.row])
      case 'colleagues': {
        const next = new Map(colleagues.peek())
        for (const colleague of push.colleagues) next.set(colleague.id, colleague)
        colleagues.value = next
        return
      }
      case 'me':
        me.value = push.me
        return
      default:
      // Events, typing and read states belong to a conversation.
    }
  })

  const myId = computed(() => me.value.id)
  const toSignal = (view: InboxView) =>
    computed(() => toView(rows.value.values(), view, myId.value))
  const views: Inbox['views'] = {
    mine: toSignal('mine'),
    queue: toSignal('queue'),
    team: toSignal('team'),
    closed: toSignal('closed'),
  }

  return {
    isReady,
    me,
    rows,
    views,
    counts,
    colleagues,
    departments,
    sites,
    load: computed(() => views.mine.value.length),
    unread: computed(() => views.mine.value.reduce((sum, row) => sum + row.unread, 0)),
    merge: put,
    setMe(next) {
      me.value = next
    },
    stop() {
      stopWelcome()
      stopPush()
    },
  }
}

function byId<Thing extends { id: string }>(things: readonly Thing[]): ReadonlyMap<string, Thing> {
  return new Map(things.map((thing) => [thing.id, thing]))
}

import type { Context } from '../context.ts'
import {
  dropOldPresence,
  endPresence,
  endPresenceOfOthers,
  putPresence,
  renewPresence,
} from '../store/agents.ts'

/** A node's word that an agent is there holds this long unless renewed. */
export const leaseMs = 30_000
/** How often a node renews the words it gave. */
export const renewEveryMs = 10_000

/** An agent's first socket on this node. */
export async function agentCame({ store, bus, now, nodeId }: Context, agentId: string) {
  await store.transaction(({ db }) => putPresence(db, agentId, nodeId, now() + leaseMs))
  bus.publish({ type: 'colleagues' })
  bus.publish({ type: 'routing' })
}

/** An agent's last socket on this node is gone; the grace begins. */
export async function agentWent({ store, bus, now, nodeId }: Context, agentId: string) {
  await store.transaction(({ db }) => endPresence(db, agentId, nodeId, now()))
  bus.publish({ type: 'colleagues' })
  bus.publish({ type: 'routing' })
}

export async function renewLeases({ store, now, nodeId }: Context) {
  await store.transaction(async ({ db }) => {
    await renewPresence(db, nodeId, now() + leaseMs)
    await dropOldPresence(db, now() - 7 * 86_400_000)
  })
}

/** At the start of the only node: sockets of earlier lives of this process are gone. */
export async function forgetOtherNodes({ store, now, nodeId }: Context) {
  await store.transaction(({ db }) => endPresenceOfOthers(db, nodeId, now()))
}

import type { Candidate, Waiting } from './candidate.ts'
import { consider, type Considered } from './consider.ts'
import { compareQueued, compareText } from './queue-order.ts'

/** Offer this conversation to this agent. */
export interface Decision {
  conversationId: string
  agentId: string
  deadlineAt: number
  considered: readonly Considered[]
}

/** A conversation that nobody can be asked for now, and why. */
export interface Unplaced {
  conversationId: string
  reason: UnplacedReason
  considered: readonly Considered[]
  /** When an agent who declined may be asked again; null when only a change of the agents can help. */
  retryAt: number | null
}
export type UnplacedReason = 'no-agents' | 'nobody-available' | 'all-full' | 'all-declined'

export interface RoutingInput {
  queue: readonly Waiting[]
  agents: readonly Candidate[]
  now: number
  /** How long an agent has to answer an offer. */
  offerMs: number
}

export interface Routing {
  /** In the order of the queue. */
  decisions: Decision[]
  /** In the order of the queue. */
  unplaced: Unplaced[]
  /** The earliest `retryAt`: when to run again although nothing changed. */
  retryAt: number | null
}

/**
 * Gives waiting conversations to agents. The queue is served strictly in its order; each conversation goes
 * to the least loaded agent of its department who is there, online and under capacity. Least loaded: the fewest
 * conversations held or offered, then the longest without a new one, then the smaller id. Absolute load, not a share of
 * the capacity: capacity says what somebody can bear, the next chat still goes to who has least to do.
 * Same input, in any order of its lists: same output. Work: a sort of each list, then one pass over the agents
 * for each decision, not for each conversation that waits.
 */
export function route({ queue, agents, now, offerMs }: RoutingInput): Routing {
  const loads = new Map(agents.map((agent) => [agent.agentId, { ...agent }]))
  const all = [...loads.values()].sort((one, other) => compareText(one.agentId, other.agentId))
  const rosters = new Map<string, Roster>()

  const decisions: Decision[] = []
  const unplaced: Unplaced[] = []
  const seen = new Set<string>()

  for (const waiting of [...queue].sort(compareQueued)) {
    if (seen.has(waiting.conversationId)) continue
    seen.add(waiting.conversationId)
    const roster = getRoster(rosters, waiting.departmentId, all)
    const { conversationId } = waiting

    if (roster.free.size === 0) {
      unplaced.push({ conversationId, ...explainClosed(roster, all), retryAt: null })
      continue
    }
    const { chosenId, considered, retryAt } = consider(waiting, all, now)
    const chosen = chosenId === undefined ? undefined : loads.get(chosenId)
    if (!chosen) {
      unplaced.push({ conversationId, reason: 'all-declined', considered, retryAt })
      continue
    }
    decisions.push({
      conversationId,
      agentId: chosen.agentId,
      deadlineAt: now + offerMs,
      considered,
    })
    chosen.load += 1
    chosen.lastAssignedAt = now
    if (chosen.load >= chosen.capacity) {
      for (const other of rosters.values()) {
        other.free.delete(chosen.agentId)
        delete other.closed
      }
    }
  }

  return { decisions, unplaced, retryAt: earliest(unplaced) }
}

/** The agents of one department who could take a chat now, and what to say when there are none. */
interface Roster {
  departmentId: string
  free: Set<string>
  closed?: Pick<Unplaced, 'reason' | 'considered'>
}

function getRoster(rosters: Map<string, Roster>, departmentId: string, all: readonly Candidate[]) {
  const known = rosters.get(departmentId)
  if (known) return known
  const free = all.filter((agent) => isAvailable(agent, departmentId) && !isFull(agent))
  const roster: Roster = { departmentId, free: new Set(free.map((agent) => agent.agentId)) }
  rosters.set(departmentId, roster)
  return roster
}

/** The same for every conversation that waits in vain for this department: worked out once, shared by all. */
function explainClosed(roster: Roster, all: readonly Candidate[]) {
  roster.closed ??= {
    reason: toReason(roster.departmentId, all),
    considered: consider({ departmentId: roster.departmentId, excluded: [] }, all, 0).considered,
  }
  return roster.closed
}

function toReason(departmentId: string, all: readonly Candidate[]): UnplacedReason {
  const members = all.filter((agent) => agent.departmentIds.includes(departmentId))
  if (!members.some((agent) => !agent.isDisabled)) return 'no-agents'
  return members.some((agent) => isAvailable(agent, departmentId)) ? 'all-full' : 'nobody-available'
}

function isAvailable(agent: Candidate, departmentId: string) {
  return (
    !agent.isDisabled &&
    agent.isPresent &&
    agent.status === 'online' &&
    agent.departmentIds.includes(departmentId)
  )
}

function isFull(agent: Candidate) {
  return agent.load >= agent.capacity
}

function earliest(unplaced: readonly Unplaced[]) {
  let at: number | null = null
  for (const { retryAt } of unplaced) {
    if (retryAt !== null && (at === null || retryAt < at)) at = retryAt
  }
  return at
}

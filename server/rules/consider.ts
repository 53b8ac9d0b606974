import type { Candidate, Waiting } from './candidate.ts'
import { compareText } from './queue-order.ts'

/** Why this agent got the conversation, or why not. */
export type Outcome =
  | 'chosen'
  | 'disabled'
  | 'other-department'
  | 'absent'
  | 'away'
  | 'busy'
  | 'full'
  | 'declined'
  | 'more-loaded'
  /** As loaded as the chosen one, but got a conversation more recently. */
  | 'more-recent'
  /** Equal in all: the smaller id was chosen. */
  | 'tie'

/** One agent in the reasons of a decision. */
export interface Considered {
  agentId: string
  outcome: Outcome
  load: number
  capacity: number
  /** Their load, lowest wins; null for those who were ruled out. */
  score: number | null
}

/** Looks at each agent for one conversation: the one to ask, if any, and what became of the others. */
export function consider(
  waiting: Pick<Waiting, 'departmentId' | 'excluded'>,
  agents: readonly Candidate[],
  now: number,
) {
  const excludedUntil = new Map(waiting.excluded.map((one) => [one.agentId, one.until]))
  let fresh: Candidate | undefined
  let again: Candidate | undefined
  let retryAt: number | null = null

  for (const agent of agents) {
    if (findObstacle(agent, waiting.departmentId)) continue
    const until = excludedUntil.get(agent.agentId)
    if (until === undefined) {
      if (!fresh || compareLoaded(agent, fresh) < 0) fresh = agent
    } else if (until !== null && until <= now) {
      if (!again || compareLoaded(agent, again) < 0) again = agent
    } else if (until !== null && (retryAt === null || until < retryAt)) {
      retryAt = until
    }
  }

  const chosen = fresh ?? again
  const mayAskAgain = chosen !== undefined && chosen === again
  const considered = agents.map((agent): Considered => {
    const { agentId, load, capacity } = agent
    const ruledOut = (outcome: Outcome) => ({ agentId, outcome, load, capacity, score: null })

    const obstacle = findObstacle(agent, waiting.departmentId)
    if (obstacle) return ruledOut(obstacle)
    const until = excludedUntil.get(agentId)
    const isOut = until === null || (until !== undefined && (!mayAskAgain || until > now))
    if (isOut || !chosen) return ruledOut('declined')
    return { agentId, outcome: toOutcome(agent, chosen), load, capacity, score: load }
  })
  return { chosenId: chosen?.agentId, considered, retryAt }
}

function findObstacle(agent: Candidate, departmentId: string): Outcome | undefined {
  if (agent.isDisabled) return 'disabled'
  if (!agent.departmentIds.includes(departmentId)) return 'other-department'
  if (!agent.isPresent) return 'absent'
  if (agent.status !== 'online') return agent.status
  if (agent.load >= agent.capacity) return 'full'
  return undefined
}

/** The least loaded first: fewest conversations, then the longest without a new one, then the smaller id. */
function compareLoaded(one: Candidate, other: Candidate) {
  return (
    one.load - other.load ||
    (one.lastAssignedAt ?? -1) - (other.lastAssignedAt ?? -1) ||
    compareText(one.agentId, other.agentId)
  )
}

function toOutcome(agent: Candidate, chosen: Candidate): Outcome {
  if (agent.agentId === chosen.agentId) return 'chosen'
  if (agent.load > chosen.load) return 'more-loaded'
  return (agent.lastAssignedAt ?? -1) > (chosen.lastAssignedAt ?? -1) ? 'more-recent' : 'tie'
}

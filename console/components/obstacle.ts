import type { Standing } from '../models/standing.ts'
import { t } from '../strings/current.ts'

interface Facts {
  standing: Standing | undefined
  isOfferedToMe: boolean
  myId: string
  colleagues: ReadonlyMap<string, { name: string }>
}

/** Why one cannot answer a visitor here, in a sentence that says what to do; undefined when one can. */
export function findObstacle(facts: Facts): string | undefined {
  const { standing, isOfferedToMe, myId, colleagues } = facts
  if (!standing) return undefined
  if (standing.status === 'closed') return t.composer.closed
  if (standing.assigneeId === myId) return undefined
  if (isOfferedToMe) return t.composer.offered
  if (standing.assigneeId === null) return t.composer.notTaken
  return t.composer.heldBy(colleagues.get(standing.assigneeId)?.name ?? '')
}

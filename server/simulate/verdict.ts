import { checkHolding } from './check-holding.ts'
import { checkMessages } from './check-messages.ts'
import { checkOrder } from './check-order.ts'
import type { History } from './history.ts'
import type { Violation, ViolationKind } from './violation.ts'

/** Reads a recorded trial and names every breach of the delivery contract in it. Pure. */
export function findViolations(history: History): Violation[] {
  return [...checkMessages(history), ...checkOrder(history), ...checkHolding(history)]
}

/** The verdict in the four words that the simulator prints. */
export interface Verdict {
  lost: number
  repeated: number
  outOfOrder: number
  limbo: number
}

const wordOf: Record<ViolationKind, keyof Verdict> = {
  lost: 'lost',
  altered: 'lost',
  missed: 'lost',
  unsettled: 'lost',
  repeated: 'repeated',
  invented: 'repeated',
  hole: 'outOfOrder',
  'out-of-order': 'outOfOrder',
  'sender-order': 'outOfOrder',
  'two-holders': 'limbo',
  'over-capacity': 'limbo',
  limbo: 'limbo',
}

/** Counts violations by the word under which a person would look for them. */
export function toVerdict(violations: readonly Violation[]): Verdict {
  const verdict: Verdict = { lost: 0, repeated: 0, outOfOrder: 0, limbo: 0 }
  for (const { kind } of violations) verdict[wordOf[kind]] += 1
  return verdict
}

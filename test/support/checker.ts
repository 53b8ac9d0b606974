import { expect } from 'vitest'

import type { History } from '../../server/simulate/history.ts'
import { findViolations } from '../../server/simulate/verdict.ts'

/** Holds a recorded trial against D1–D12; fails with a list of what was broken, and the seed to play it again. */
export function expectContractHeld(history: History, seed: number) {
  const found = findViolations(history)
  const shown = found
    .slice(0, 20)
    .map((one) => `${one.line} ${one.kind} in ${one.conversationId}: ${one.detail}`)
  if (found.length > shown.length) shown.push(`… and ${found.length - shown.length} more`)
  expect(shown, `the contract was broken (seed ${seed})`).toEqual([])
}

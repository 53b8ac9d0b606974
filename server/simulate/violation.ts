/** What can be wrong with a history, and the line of the delivery contract that it breaks. */
export const violationKinds = {
  /** Acknowledged, and not there afterwards. */
  lost: 'D1',
  /** Acknowledged, and there with other words or another place. */
  altered: 'D1',
  /** There, though nobody sent it. */
  invented: 'D1',
  /** There twice, or acknowledged twice as two different ones, or shown twice. */
  repeated: 'D2',
  /** A seq is missing, or the history does not hang together. */
  hole: 'D3',
  /** Somebody saw another order than somebody else, or a later event first. */
  'out-of-order': 'D3',
  /** Two messages of one sender changed places. */
  'sender-order': 'D3',
  /** A client that was told everything lacks something. */
  missed: 'D4',
  'two-holders': 'D9',
  'over-capacity': 'D9',
  limbo: 'D10',
  /** Neither acknowledged nor refused, long after everything is quiet. */
  unsettled: 'D12',
} as const
export type ViolationKind = keyof typeof violationKinds

export interface Violation {
  kind: ViolationKind
  /** D1–D12. */
  line: string
  conversationId: string
  detail: string
}

/** Names one breach of the contract. */
export function violation(kind: ViolationKind, conversationId: string, detail: string): Violation {
  return { kind, line: violationKinds[kind], conversationId, detail }
}

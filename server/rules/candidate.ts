import type { AgentStatus } from '../../shared/protocol/conversation.ts'
import type { Queued } from './queue-order.ts'

/** A conversation that waits for an agent. */
export interface Waiting extends Queued {
  /**
   * Agents who declined this chat or let its offer expire. They are passed over while anybody else
   * could take it; from `until` on they may be asked again if nobody else can. Null: never again.
   */
  excluded: readonly { agentId: string; until: number | null }[]
}

/** An agent as routing sees them. */
export interface Candidate {
  agentId: string
  departmentIds: readonly string[]
  status: AgentStatus
  isPresent: boolean
  isDisabled: boolean
  capacity: number
  /** Conversations held or offered. */
  load: number
  /** When they last got a conversation, ms; null when never. */
  lastAssignedAt: number | null
}

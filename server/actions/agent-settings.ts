import type { AgentStatus } from '../../shared/protocol/conversation.ts'
import type { AgentCaller, Context } from '../context.ts'
import { updateAgentRow } from '../store/agents.ts'

/** Own status. Away and Busy get no new chats; what the agent holds stays theirs. */
export async function setStatus(context: Context, { agentId }: AgentCaller, status: AgentStatus) {
  await context.store.transaction(({ db }) => updateAgentRow(db, agentId, { status }))
  announceAgent(context, agentId)
}

/** How many conversations at once. Below what is held now, it only stops new ones. */
export async function setCapacity(context: Context, { agentId }: AgentCaller, capacity: number) {
  await context.store.transaction(({ db }) => updateAgentRow(db, agentId, { capacity }))
  announceAgent(context, agentId)
}

/** Something colleagues and the routing see of an agent changed. */
export function announceAgent({ bus }: Pick<Context, 'bus'>, agentId: string) {
  bus.publish({ type: 'me', agentId })
  bus.publish({ type: 'colleagues' })
  bus.publish({ type: 'routing' })
}

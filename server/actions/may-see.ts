import type { AgentCaller, Caller, VisitorCaller } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import type { Scope } from '../store/conversations.ts'
import type { ConversationTable } from '../store/schema.ts'

type Seen = Pick<
  ConversationTable,
  'visitor_id' | 'site_id' | 'department_id' | 'assignee_id' | 'offer_agent_id'
>

/** Own conversations for a visitor; for an agent those of their departments and what they hold; all for supervisors. */
export function maySee(caller: Caller, conversation: Seen): boolean {
  return caller.kind === 'visitor'
    ? visitorMaySee(caller, conversation)
    : agentMaySee(caller, conversation)
}

function visitorMaySee({ visitorId, siteId }: VisitorCaller, conversation: Seen) {
  return (
    visitorId !== undefined &&
    conversation.visitor_id === visitorId &&
    conversation.site_id === siteId
  )
}

export function agentMaySee(
  { role, agentId, departmentIds }: Pick<AgentCaller, 'role' | 'agentId' | 'departmentIds'>,
  conversation: Pick<Seen, 'department_id' | 'assignee_id' | 'offer_agent_id'>,
) {
  return (
    role !== 'agent' ||
    departmentIds.includes(conversation.department_id) ||
    conversation.assignee_id === agentId ||
    conversation.offer_agent_id === agentId
  )
}

/** Whether an agent sees it for no other reason than that they hold it or are offered it. */
export function isSeenByHolding(
  { role, departmentIds }: Pick<AgentCaller, 'role' | 'departmentIds'>,
  { department_id }: Pick<Seen, 'department_id'>,
) {
  return role === 'agent' && !departmentIds.includes(department_id)
}

/** To an outsider a stranger's conversation looks just like a missing one. */
export function assertMaySee<Row extends Seen>(
  caller: Caller,
  conversation: Row | undefined,
): asserts conversation is Row {
  if (!conversation || !maySee(caller, conversation)) throw notFound()
}

/** Departments whose lists the agent may read; null for all. */
export function scopeOf({ role, departmentIds }: AgentCaller): Scope {
  return role === 'agent' ? departmentIds : null
}

export function assertAdmin({ role }: Pick<AgentCaller, 'role'>) {
  if (role !== 'admin') throw new AppError('not-allowed', 'Only an admin may do this.')
}

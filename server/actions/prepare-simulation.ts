import type { Context } from '../context.ts'
import { hashPassword } from '../passwords.ts'
import { newSecret } from '../secrets.ts'
import { findAgentByEmail, listDepartments, updateAgentRow } from '../store/agents.ts'
import { listSites } from '../store/sites.ts'
import { applyAgentChange, createAgent } from './people.ts'
import { createSite } from './sites.ts'

const simulation = 'Simulation'
/** Reserved names (RFC 2606): no page can have this origin, no mail goes to this address. */
const origin = 'https://simulation.invalid'
const toEmail = (at: number) => `simulated-agent-${at + 1}@parley.invalid`

/** Whom the simulator plays, and how to send them home. */
export interface SimulationStage {
  site: { key: string; origin: string }
  agents: { email: string; password: string }[]
  end(): Promise<void>
}

/**
 * Makes a site, a department and agents that only the simulator uses, so that real visitors and agents
 * never meet simulated ones. A second simulation uses them again. `end` disables the agents.
 */
export async function prepareSimulation(
  context: Context,
  agentCount: number,
): Promise<SimulationStage> {
  const { store } = context
  const departmentId = await getDepartment(context)
  const known = (await listSites(store.read)).find(
    (site) => site.name === simulation && site.department_id === departmentId,
  )
  const site =
    known ?? (await createSite(context, { name: simulation, origins: [origin], departmentId }))

  const agents: { id: string; email: string; password: string }[] = []
  for (let at = 0; at < agentCount; at++) {
    const email = toEmail(at)
    const password = newSecret()
    agents.push({
      id: await getAgent(context, at, { email, password, departmentId }),
      email,
      password,
    })
  }
  return {
    site: { key: site.key, origin },
    agents: agents.map(({ email, password }) => ({ email, password })),
    async end() {
      for (const { id } of agents) await applyAgentChange(context, id, { isDisabled: true })
    },
  }
}

async function getDepartment({ store, newId, now }: Context) {
  return store.transaction(async ({ db }) => {
    const known = (await listDepartments(db)).find(({ name }) => name === simulation)
    if (known) return known.id
    const id = newId()
    await db
      .insertInto('department')
      .values({ id, name: simulation, is_default: 0, created_at: now() })
      .execute()
    return id
  })
}

async function getAgent(
  context: Context,
  at: number,
  { email, password, departmentId }: { email: string; password: string; departmentId: string },
) {
  const { store } = context
  const known = await findAgentByEmail(store.read, email)
  if (!known) {
    const name = `Simulated agent ${at + 1}`
    const account = { name, email, password, role: 'agent', departmentIds: [departmentId] } as const
    return (await createAgent(context, account)).id
  }
  const password_hash = await hashPassword(password)
  await store.transaction(({ db }) => updateAgentRow(db, known.id, { password_hash }))
  await applyAgentChange(context, known.id, { isDisabled: false, departmentIds: [departmentId] })
  return known.id
}

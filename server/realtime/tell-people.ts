import type { Context } from '../context.ts'
import { findAgent, listDepartmentIdsOf } from '../store/agents.ts'
import { listHeldIds } from '../store/conversations.ts'
import type { AgentTable } from '../store/schema.ts'
import type { RealtimeDeps } from './deps.ts'
import type { KnownAgent } from './directory.ts'

/** Tells who is there: the team to visitors, colleagues to agents, an agent's own settings to their tabs. */
export function createPeopleTeller({ context, hub, directory }: Omit<RealtimeDeps, 'places'>) {
  /**
   * What visitors were told of each agent. Kept apart from the directory, which is read again for other reasons too:
   * a change that was read already would otherwise be told to nobody.
   */
  let faces = toFaces(directory.agents)

  return {
    /** Conversations whose visitors see an agent who came, went or has another name now. */
    async listFacesChanged() {
      const next = toFaces(directory.agents)
      const changed = [...next].filter(([id, face]) => faces.get(id) !== face)
      const ids: string[] = []
      for (const [agentId] of changed) ids.push(...(await listHeldIds(context.store.read, agentId)))
      faces = next
      return ids
    },

    /** Each page is told what it does not know: what it was told last may be from a welcome or from here. */
    tellTeams() {
      for (const [siteId, connections] of hub.sites()) {
        const site = directory.sitesById.get(siteId)
        if (!site) continue
        const team = JSON.stringify(directory.team(site))
        for (const connection of connections) {
          if (connection.told === team) continue
          connection.told = team
          connection.send(`{"type":"team","team":${team}}`)
        }
      }
    },

    tellColleagues() {
      const colleagues = JSON.stringify(directory.colleagues())
      for (const connection of hub.agents()) {
        if (connection.told === colleagues) continue
        connection.told = colleagues
        connection.send(`{"type":"colleagues","colleagues":${colleagues}}`)
      }
    },

    /** At once, so that a switch in one tab does not lag in the others. */
    async tellMe(agentId: string) {
      if (hub.ofAgent(agentId).size === 0) return
      const me = await readMe(context, agentId)
      if (!me) return
      for (const connection of hub.ofAgent(agentId)) connection.sendJson({ type: 'me', me })
    },
  }
}

/** An agent's own settings as their console shows them. */
export async function readMe({ store }: Pick<Context, 'store'>, agentId: string) {
  const agent = await findAgent(store.read, agentId)
  return agent && toMe(agent, await listDepartmentIdsOf(store.read, agentId))
}

const toMe = (
  { id, name, email, role, status, capacity }: AgentTable,
  departmentIds: string[],
) => ({
  id,
  name,
  email,
  role,
  status,
  capacity,
  departmentIds,
})

function toFaces(agents: ReadonlyMap<string, KnownAgent>) {
  return new Map(
    [...agents].map(([id, agent]) => [
      id,
      JSON.stringify([agent.isPresent && agent.status !== 'away', agent.name]),
    ]),
  )
}

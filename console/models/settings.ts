import type {
  AgentItem,
  DepartmentItem,
  InvitationItem,
  SessionListItem,
  SiteItem,
} from '../../shared/api/api.ts'
import type { Api } from '../api.ts'
import { createResource, replaced } from './resource.ts'

export type Settings = ReturnType<typeof createSettings>

/** What the settings show and change. Every change returns when the server has it, or rejects with its failure. */
export function createSettings(api: Api) {
  const sessions = createResource<readonly SessionListItem[]>(
    async () => (await api.listSessions()).sessions,
  )
  const agents = createResource<readonly AgentItem[]>(async () => (await api.listAgents()).agents)
  const invitations = createResource<readonly InvitationItem[]>(
    async () => (await api.listInvitations()).invitations,
  )
  const departments = createResource<readonly DepartmentItem[]>(
    async () => (await api.listDepartments()).departments,
  )
  const sites = createResource<readonly SiteItem[]>(async () => (await api.listSites()).sites)

  return {
    sessions,
    agents,
    invitations,
    departments,
    sites,

    async endSession(id: string) {
      await api.endSession(id)
      sessions.change((list) => list.filter((session) => session.id !== id))
    },
    async changePassword(current: string, next: string) {
      await api.changePassword({ current, next })
      await sessions.load()
    },
    async updateAgent(id: string, body: Parameters<Api['updateAgent']>[1]) {
      const changed = await api.updateAgent(id, body)
      agents.change((list) => replaced(list, changed))
      // The other side of the same membership.
      if (body.departmentIds) await departments.load()
    },
    async invite(body: Parameters<Api['invite']>[0]) {
      const { invitation, link } = await api.invite(body)
      invitations.change((list) => replaced(list, invitation))
      return link
    },
    async withdrawInvitation(id: string) {
      await api.withdrawInvitation(id)
      invitations.change((list) => list.filter((invitation) => invitation.id !== id))
    },
    async createDepartment(name: string) {
      const made = await api.createDepartment({ name })
      departments.change((list) => replaced(list, made))
    },
    async updateDepartment(id: string, body: Parameters<Api['updateDepartment']>[1]) {
      const changed = await api.updateDepartment(id, body)
      departments.change((list) => replaced(list, changed))
    },
    async createSite(name: string, origins: string[]) {
      const made = await api.createSite({ name, origins })
      sites.change((list) => replaced(list, made))
      return made
    },
    async updateSite(id: string, body: Parameters<Api['updateSite']>[1]) {
      const changed = await api.updateSite(id, body)
      sites.change((list) => replaced(list, changed))
    },
    checkSite: (id: string) => api.checkSite(id),
  }
}

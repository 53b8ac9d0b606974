import * as v from 'valibot'

import {
  type AgentItem,
  createDepartmentInput,
  createSiteInput,
  type DepartmentItem,
  type InvitationItem,
  inviteInput,
  type SiteCheck,
  type SiteItem,
  updateAgentInput,
  updateDepartmentInput,
  updateSiteInput,
} from '../../shared/api/api.ts'
import { siteSettingsSchema } from '../../shared/protocol/site-settings.ts'
import { createDepartment, updateDepartment } from '../actions/departments.ts'
import { invite, updateAgent, withdrawInvitation } from '../actions/people.ts'
import { createSite, tagOf, updateSite } from '../actions/sites.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { listAgents, listDepartments, listMembers, listPresentAgentIds } from '../store/agents.ts'
import type { LinkTable } from '../store/schema.ts'
import { listOpenInvitations } from '../store/sessions.ts'
import { findSite, listSightings, listSites, type SiteWithOrigins } from '../store/sites.ts'
import { memberRoute, param, type Route } from './route.ts'

/** People, sites, departments: what belongs to the workspace. */
export function workspaceRoutes(context: Context): Route[] {
  const { read } = context.store

  async function describeAgents(): Promise<AgentItem[]> {
    const [agents, members, present] = await Promise.all([
      listAgents(read),
      listMembers(read),
      listPresentAgentIds(read, context.now()),
    ])
    return agents.map((agent) => ({
      id: agent.id,
      name: agent.name,
      email: agent.email,
      role: agent.role,
      capacity: agent.capacity,
      isDisabled: agent.disabled_at !== null,
      isPresent: present.has(agent.id),
      departmentIds: members
        .filter((member) => member.agent_id === agent.id)
        .map((member) => member.department_id),
      createdAt: agent.created_at,
    }))
  }

  async function describeDepartments(): Promise<DepartmentItem[]> {
    const [departments, members] = await Promise.all([listDepartments(read), listMembers(read)])
    return departments.map((department) => ({
      id: department.id,
      name: department.name,
      isDefault: department.is_default === 1,
      agentIds: members
        .filter((member) => member.department_id === department.id)
        .map((member) => member.agent_id),
    }))
  }

  return [
    memberRoute('supervisor', {
      method: 'GET',
      url: '/api/agents',
      handle: async () => ({ agents: await describeAgents() }),
    }),
    memberRoute('admin', {
      method: 'PATCH',
      url: '/api/agents/:id',
      input: updateAgentInput,
      async handle({ caller, input, request }) {
        const id = param(request, 'id')
        await updateAgent(context, caller, id, input)
        return pick(await describeAgents(), id)
      },
    }),
    memberRoute('admin', {
      method: 'GET',
      url: '/api/invitations',
      async handle() {
        const rows = await listOpenInvitations(read, context.now())
        return { invitations: rows.map(toInvitation) }
      },
    }),
    memberRoute('admin', {
      method: 'POST',
      url: '/api/invitations',
      input: inviteInput,
      async handle({ caller, input }) {
        const { row, link } = await invite(context, caller, input)
        return { invitation: toInvitation(row), link }
      },
    }),
    memberRoute('admin', {
      method: 'DELETE',
      url: '/api/invitations/:id',
      async handle({ caller, request }) {
        await withdrawInvitation(context, caller, param(request, 'id'))
        return {}
      },
    }),
    memberRoute('signed-in', {
      method: 'GET',
      url: '/api/sites',
      async handle() {
        const sites = await listSites(read)
        return { sites: sites.map((site) => toSiteItem(site, context.publicUrl)) }
      },
    }),
    memberRoute('admin', {
      method: 'POST',
      url: '/api/sites',
      input: createSiteInput,
      handle: async ({ input }) => toSiteItem(await createSite(context, input), context.publicUrl),
    }),
    memberRoute('admin', {
      method: 'PATCH',
      url: '/api/sites/:id',
      input: updateSiteInput,
      async handle({ caller, input, request }) {
        const site = await updateSite(context, caller, param(request, 'id'), input)
        return toSiteItem(site, context.publicUrl)
      },
    }),
    memberRoute('supervisor', {
      method: 'GET',
      url: '/api/sites/:id/check',
      async handle({ request }): Promise<SiteCheck> {
        const id = param(request, 'id')
        if (!(await findSite(read, id))) throw notFound()
        const sightings = await listSightings(read, id)
        const find = (isAllowed: 0 | 1) => {
          const row = sightings.find((sighting) => sighting.is_allowed === isAllowed)
          return row ? { origin: row.origin, at: row.at } : null
        }
        return { seen: find(1), refused: find(0) }
      },
    }),
    memberRoute('signed-in', {
      method: 'GET',
      url: '/api/departments',
      handle: async () => ({ departments: await describeDepartments() }),
    }),
    memberRoute('admin', {
      method: 'POST',
      url: '/api/departments',
      input: createDepartmentInput,
      async handle({ caller, input }) {
        const id = await createDepartment(context, caller, input)
        return pick(await describeDepartments(), id)
      },
    }),
    memberRoute('admin', {
      method: 'PATCH',
      url: '/api/departments/:id',
      input: updateDepartmentInput,
      async handle({ caller, input, request }) {
        const id = param(request, 'id')
        await updateDepartment(context, caller, id, input)
        return pick(await describeDepartments(), id)
      },
    }),
  ]
}

function pick<Item extends { id: string }>(items: Item[], id: string): Item {
  const item = items.find((candidate) => candidate.id === id)
  if (!item) throw notFound()
  return item
}

/** Without the token, whose hash is all that is kept. */
function toInvitation(row: LinkTable): InvitationItem {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

export function toSiteItem(site: SiteWithOrigins, publicUrl: string): SiteItem {
  return {
    id: site.id,
    key: site.key,
    name: site.name,
    origins: site.origins,
    departmentId: site.department_id,
    settings: v.parse(siteSettingsSchema, JSON.parse(site.settings)),
    tag: tagOf(publicUrl, site.key),
    createdAt: site.created_at,
  }
}

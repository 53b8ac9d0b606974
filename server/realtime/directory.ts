import * as v from 'valibot'

import type { Colleague, Role } from '../../shared/protocol/conversation.ts'
import type { Team } from '../../shared/protocol/events.ts'
import { type SiteSettings, siteSettingsSchema } from '../../shared/protocol/site-settings.ts'
import type { Context } from '../context.ts'
import { listAgents, listDepartments, listMembers, listPresentAgentIds } from '../store/agents.ts'
import { countOpen, listRecentAnswerWaits } from '../store/conversations.ts'
import { findSiteByKey, listSites } from '../store/sites.ts'

export interface KnownSite {
  id: string
  key: string
  name: string
  departmentId: string
  origins: ReadonlySet<string>
  settings: SiteSettings
}

export interface KnownAgent {
  id: string
  name: string
  email: string
  role: Role
  status: 'online' | 'busy' | 'away'
  capacity: number
  isPresent: boolean
  isDisabled: boolean
  departmentIds: string[]
}

type Counts = Awaited<ReturnType<typeof countOpen>>

/** A median of fewer than this says nothing. */
const fewestAnswers = 5
const answerWindowMs = 7 * 86_400_000

/**
 * Who and what there is, as last read: sites, agents, departments, presence. Every hello and every list needs it,
 * and it changes a few times an hour; so it is read again when something says that it changed, never trusted to write by.
 */
export class Directory {
  sitesByKey = new Map<string, KnownSite>()
  sitesById = new Map<string, KnownSite>()
  agents = new Map<string, KnownAgent>()
  departments = new Map<string, string>()
  counts: Counts = []
  #usualAnswerMs = new Map<string, { value: number | null; at: number }>()
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  async reload() {
    const { read } = this.#context.store
    const [sites, agents, departments, members, present, counts] = await Promise.all([
      listSites(read),
      listAgents(read),
      listDepartments(read),
      listMembers(read),
      listPresentAgentIds(read, this.#context.now()),
      countOpen(read),
    ])
    this.sitesByKey = new Map(
      sites.map((site) => [
        site.key,
        {
          id: site.id,
          key: site.key,
          name: site.name,
          departmentId: site.department_id,
          origins: new Set(site.origins),
          settings: v.parse(siteSettingsSchema, JSON.parse(site.settings)),
        },
      ]),
    )
    this.sitesById = new Map([...this.sitesByKey.values()].map((site) => [site.id, site]))
    this.departments = new Map(departments.map(({ id, name }) => [id, name]))
    this.agents = new Map(
      agents.map((agent) => [
        agent.id,
        {
          id: agent.id,
          name: agent.name,
          email: agent.email,
          role: agent.role,
          status: agent.status,
          capacity: agent.capacity,
          isPresent: present.has(agent.id),
          isDisabled: agent.disabled_at !== null,
          departmentIds: members
            .filter((member) => member.agent_id === agent.id)
            .map((member) => member.department_id),
        },
      ]),
    )
    this.counts = counts
  }

  /** A site by its key; one that was made a moment ago, here or by another process, is found all the same. */
  async findSite(key: string): Promise<KnownSite | undefined> {
    const known = this.sitesByKey.get(key)
    if (known) return known
    if (!(await findSiteByKey(this.#context.store.read, key))) return undefined
    await this.reload()
    return this.sitesByKey.get(key)
  }

  async reloadCounts() {
    this.counts = await countOpen(this.#context.store.read)
  }

  colleagues(): Colleague[] {
    const loads = new Map<string, number>()
    for (const { assignee_id, offer_agent_id, count } of this.counts) {
      for (const id of [assignee_id, offer_agent_id]) {
        if (id) loads.set(id, (loads.get(id) ?? 0) + count)
      }
    }
    return [...this.agents.values()].map((agent) => ({
      id: agent.id,
      name: agent.name,
      role: agent.role,
      status: agent.status,
      isPresent: agent.isPresent,
      isDisabled: agent.isDisabled,
      capacity: agent.capacity,
      load: loads.get(agent.id) ?? 0,
      departmentIds: agent.departmentIds,
    }))
  }

  viewCounts(agentId: string, scope: readonly string[] | null) {
    const total = { mine: 0, queue: 0, team: 0 }
    for (const { department_id, status, assignee_id, offer_agent_id, count } of this.counts) {
      if (assignee_id === agentId || offer_agent_id === agentId) total.mine += count
      if (scope !== null && !scope.includes(department_id)) continue
      if (status === 'assigned') total.team += count
      else total.queue += count
    }
    return total
  }

  /** Whether somebody of the site's department is there, and who. */
  team(site: KnownSite): Team {
    const there = [...this.agents.values()].filter(
      (agent) =>
        agent.isPresent &&
        !agent.isDisabled &&
        agent.status === 'online' &&
        agent.departmentIds.includes(site.departmentId),
    )
    return {
      isAvailable: there.length > 0,
      faces: site.settings.showAgents
        ? there.slice(0, 3).map(({ id, name }) => ({ id, name }))
        : [],
      usualAnswerMs: this.#usualAnswerMs.get(site.id)?.value ?? null,
    }
  }

  /** Measures how soon a site answers, at most once in five minutes. */
  async measureAnswers(site: KnownSite) {
    const now = this.#context.now()
    const known = this.#usualAnswerMs.get(site.id)
    if (known && now - known.at < 300_000) return
    this.#usualAnswerMs.set(site.id, { value: known?.value ?? null, at: now })
    const waits = await listRecentAnswerWaits(
      this.#context.store.read,
      site.id,
      now - answerWindowMs,
      100,
    )
    const value = waits.length < fewestAnswers ? null : medianOf(waits)
    this.#usualAnswerMs.set(site.id, { value, at: now })
  }
}

function medianOf(values: readonly number[]) {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

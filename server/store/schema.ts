import type { AgentStatus, ConversationStatus, Role } from '../../shared/protocol/conversation.ts'
import type { TimelineEventType } from '../../shared/protocol/timeline-event.ts'

/*
 * The tables, as Kysely sees them. Times are milliseconds UTC, booleans 0 or 1, ids opaque text,
 * JSON is text: what both databases store alike.
 */

export type Flag = 0 | 1

export interface AgentTable {
  id: string
  name: string
  /** As typed, and folded for look-up (unique). */
  email: string
  email_folded: string
  password_hash: string
  role: Role
  capacity: number
  status: AgentStatus
  disabled_at: number | null
  created_at: number
  last_assigned_at: number
}

export interface DepartmentTable {
  id: string
  name: string
  is_default: Flag
  created_at: number
}

export interface DepartmentMemberTable {
  department_id: string
  agent_id: string
}

export interface SiteTable {
  id: string
  key: string
  name: string
  department_id: string
  /** JSON of SiteSettings. */
  settings: string
  created_at: number
}

export interface SiteOriginTable {
  site_id: string
  origin: string
}

/** Where the tag was last loaded from: once allowed, once refused. */
export interface SiteSightingTable {
  site_id: string
  is_allowed: Flag
  origin: string
  at: number
}

export interface VisitorTable {
  id: string
  site_id: string
  token_hash: string
  token_revoked_at: number | null
  name: string | null
  email: string | null
  hue: number
  created_at: number
}

export interface ConversationTable {
  id: string
  site_id: string
  visitor_id: string
  department_id: string
  status: ConversationStatus
  /** 0 normal, 1 high, 2 urgent: sorts. */
  priority: number
  assignee_id: string | null
  assigned_at: number | null
  offer_id: string | null
  offer_agent_id: string | null
  offer_deadline_at: number | null
  /** When it entered the queue; kept through offers, so that a refused offer costs nobody their place. */
  queued_at: number | null
  /** Came back because its agent was lost: before the others of its priority. */
  is_front: Flag
  /** Since when the visitor waits for an agent's words. */
  waiting_since: number | null
  last_seq: number
  /** Last seq that the visitor can see. */
  visitor_last_seq: number
  visitor_read_seq: number
  agent_read_seq: number
  visitor_unread: number
  agent_unread: number
  first_text: string | null
  last_text: string | null
  last_author: 'visitor' | 'agent' | 'note' | null
  last_author_id: string | null
  last_at: number | null
  start_url: string | null
  start_title: string | null
  page_url: string | null
  page_title: string | null
  referrer: string | null
  language: string | null
  time_zone: string | null
  browser: string | null
  created_at: number
  /** First message of an agent. */
  answered_at: number | null
  closed_at: number | null
  updated_at: number
}

/** A conversation with what lists show of its visitor. */
export interface ConversationWithVisitor extends ConversationTable {
  visitor_name: string | null
  visitor_hue: number
}

export interface EventTable {
  conversation_id: string
  seq: number
  /** The seq before this one that the visitor can see; null where the visitor can't see this event. */
  visitor_prev: number | null
  id: string
  type: TimelineEventType
  at: number
  author_kind: 'visitor' | 'agent' | null
  author_id: string | null
  author_name: string | null
  client_id: string | null
  text: string | null
  /** JSON of what this type has besides. */
  body: string | null
}

/** Why a conversation went to whom, or to nobody: written with every decision. */
export interface RoutingDecisionTable {
  id: string
  conversation_id: string
  at: number
  agent_id: string | null
  /** JSON: who was considered, what ruled them out, loads. */
  considered: string
}

/** Agents to whom a waiting conversation is not offered again at once. Cleared when it is assigned. */
export interface OfferRefusalTable {
  conversation_id: string
  agent_id: string
  until: number
}

export interface SessionTable {
  id: string
  token_hash: string
  agent_id: string
  created_at: number
  seen_at: number
  expires_at: number
  browser: string | null
}

export interface TicketTable {
  hash: string
  session_id: string
  expires_at: number
}

/** One-time links: the first set-up, and invitations. */
export interface LinkTable {
  id: string
  kind: 'setup' | 'invitation'
  token_hash: string
  email: string | null
  role: Role
  department_ids: string
  created_at: number
  expires_at: number
  used_at: number | null
}

/** A node's word that an agent has a live socket there. */
export interface PresenceTable {
  agent_id: string
  node_id: string
  /** Renewed while the socket lives; past it the word is void. */
  expires_at: number
  /** When the last socket on this node went. */
  lost_at: number | null
}

export interface MigrationTable {
  name: string
  at: number
}

export interface Schema {
  agent: AgentTable
  department: DepartmentTable
  department_member: DepartmentMemberTable
  site: SiteTable
  site_origin: SiteOriginTable
  site_sighting: SiteSightingTable
  visitor: VisitorTable
  conversation: ConversationTable
  event: EventTable
  routing_decision: RoutingDecisionTable
  offer_refusal: OfferRefusalTable
  session: SessionTable
  ticket: TicketTable
  link: LinkTable
  presence: PresenceTable
  migration: MigrationTable
}

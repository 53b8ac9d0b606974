import * as v from 'valibot'

import { roles } from '../protocol/conversation.ts'
import { limits } from '../protocol/limits.ts'
import { emailSchema, idSchema, lineSchema, timeSchema } from '../protocol/primitives.ts'
import { siteSettingsSchema } from '../protocol/site-settings.ts'

/*
 * The console's HTTP interface: what goes in (checked by the server, unknown fields refused) and what comes out.
 * Every body is JSON. Mutations carry the `x-parley-csrf` header with the value that `session` answers.
 * Errors: `{ error: { code, message, requestId, retryAfterMs? } }` with the status of the code.
 */

/** An origin as browsers send it: scheme, host, port if unusual; no path. Upper case and a trailing slash are forgiven. */
export const originSchema = v.pipe(
  v.string(),
  v.maxLength(300),
  v.trim(),
  v.transform((value) => value.toLowerCase().replace(/\/$/, '')),
  v.regex(
    /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9\u0080-\uffff]([a-z0-9.\-\u0080-\uffff]*[a-z0-9\u0080-\uffff])?)(:\d{1,5})?$/,
    'is not an origin like https://shop.example.com',
  ),
)
const nameSchema = v.pipe(lineSchema(limits.name), v.minLength(1, 'is empty'))
/** Long enough to be safe, bounded so that hashing is. No rules about kinds of characters: they make passwords worse. */
export const passwordSchema = v.pipe(
  v.string(),
  v.minLength(8, 'needs at least 8 characters'),
  v.maxLength(200),
)
const secretSchema = v.pipe(v.string(), v.minLength(20), v.maxLength(100))
const roleSchema = v.picklist(roles)
const capacitySchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50))

/* ---- in ---- */

export const setupInput = v.strictObject({
  token: secretSchema,
  name: nameSchema,
  email: emailSchema,
  password: passwordSchema,
})
export const signInInput = v.strictObject({
  email: v.pipe(v.string(), v.maxLength(limits.email)),
  password: v.pipe(v.string(), v.maxLength(200)),
})
export const updateMeInput = v.strictObject({ name: v.optional(nameSchema) })
export const changePasswordInput = v.strictObject({
  current: v.pipe(v.string(), v.maxLength(200)),
  next: passwordSchema,
})
export const inviteInput = v.strictObject({
  email: v.optional(emailSchema),
  role: roleSchema,
  departmentIds: v.optional(v.array(idSchema)),
})
export const lookAtInvitationInput = v.strictObject({ token: secretSchema })
export const acceptInvitationInput = v.strictObject({
  token: secretSchema,
  name: nameSchema,
  email: emailSchema,
  password: passwordSchema,
})
export const updateAgentInput = v.strictObject({
  role: v.optional(roleSchema),
  capacity: v.optional(capacitySchema),
  isDisabled: v.optional(v.boolean()),
  departmentIds: v.optional(v.array(idSchema)),
})
export const createSiteInput = v.strictObject({
  name: nameSchema,
  origins: v.pipe(v.array(originSchema), v.minLength(1), v.maxLength(50)),
})
export const updateSiteInput = v.strictObject({
  name: v.optional(nameSchema),
  origins: v.optional(v.pipe(v.array(originSchema), v.minLength(1), v.maxLength(50))),
  departmentId: v.optional(idSchema),
  settings: v.optional(v.strictObject(v.partial(siteSettingsSchema).entries)),
})
export const createDepartmentInput = v.strictObject({ name: nameSchema })
export const updateDepartmentInput = v.strictObject({
  name: v.optional(nameSchema),
  agentIds: v.optional(v.array(idSchema)),
})

/* ---- out ---- */

export const meOutput = v.object({
  id: idSchema,
  name: v.string(),
  email: v.string(),
  role: roleSchema,
  capacity: v.number(),
})
export type Me = v.InferOutput<typeof meOutput>

/** `csrf` goes into the `x-parley-csrf` header of every mutation. */
export const sessionOutput = v.object({ me: meOutput, csrf: v.string() })
export type Session = v.InferOutput<typeof sessionOutput>

export const sessionListItemOutput = v.object({
  id: v.string(),
  isCurrent: v.boolean(),
  createdAt: timeSchema,
  seenAt: timeSchema,
  browser: v.nullable(v.string()),
})
export type SessionListItem = v.InferOutput<typeof sessionListItemOutput>

export const agentOutput = v.object({
  id: idSchema,
  name: v.string(),
  email: v.string(),
  role: roleSchema,
  capacity: v.number(),
  isDisabled: v.boolean(),
  isPresent: v.boolean(),
  departmentIds: v.array(idSchema),
  createdAt: timeSchema,
})
export type AgentItem = v.InferOutput<typeof agentOutput>

export const invitationOutput = v.object({
  id: idSchema,
  email: v.nullable(v.string()),
  role: roleSchema,
  createdAt: timeSchema,
  expiresAt: timeSchema,
})
export type InvitationItem = v.InferOutput<typeof invitationOutput>

export const siteOutput = v.object({
  id: idSchema,
  key: v.string(),
  name: v.string(),
  origins: v.array(v.string()),
  departmentId: idSchema,
  settings: siteSettingsSchema,
  /** The script tag to paste. */
  tag: v.string(),
  createdAt: timeSchema,
})
export type SiteItem = v.InferOutput<typeof siteOutput>

/** The live check of the tag: where it was last loaded, and where it was loaded but may not run. */
export const siteCheckOutput = v.object({
  seen: v.nullable(v.object({ origin: v.string(), at: timeSchema })),
  refused: v.nullable(v.object({ origin: v.string(), at: timeSchema })),
})
export type SiteCheck = v.InferOutput<typeof siteCheckOutput>

export const departmentOutput = v.object({
  id: idSchema,
  name: v.string(),
  isDefault: v.boolean(),
  agentIds: v.array(idSchema),
})
export type DepartmentItem = v.InferOutput<typeof departmentOutput>

export const errorOutput = v.object({
  error: v.object({
    code: v.string(),
    message: v.string(),
    requestId: v.optional(v.string()),
    retryAfterMs: v.optional(v.number()),
    field: v.optional(v.string()),
  }),
})
export type ErrorBody = v.InferOutput<typeof errorOutput>

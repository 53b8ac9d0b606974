import { customAlphabet } from 'nanoid'
import * as v from 'valibot'

import { type SiteSettings, siteSettingsSchema } from '../../shared/protocol/site-settings.ts'
import type { AgentCaller, Context } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toBrowserOrigin } from '../rules/origin.ts'
import { listDepartments } from '../store/agents.ts'
import { findSite, putSighting, setOrigins, type SiteWithOrigins } from '../store/sites.ts'
import { assertAdmin } from './may-see.ts'

/** Public, so it needs to be unique, not secret; without letters that are mistaken for others. */
const newKey = customAlphabet('23456789abcdefghjkmnpqrstvwxyz', 12)

interface NewSite {
  name: string
  origins: readonly string[]
  departmentId?: string | undefined
}

/** Creates a site; the default department answers unless another is named. */
export async function createSite(context: Context, site: NewSite): Promise<SiteWithOrigins> {
  const { store, newId, now, bus } = context
  const id = newId()
  const origins = readOrigins(site.origins)
  const created = await store.transaction(async ({ db }) => {
    const departments = await listDepartments(db)
    const department = site.departmentId
      ? departments.find((known) => known.id === site.departmentId)
      : (departments.find(({ is_default }) => is_default) ?? departments[0])
    if (!department) throw notFound()
    await db
      .insertInto('site')
      .values({
        id,
        key: newKey(),
        name: site.name,
        department_id: department.id,
        settings: JSON.stringify(v.parse(siteSettingsSchema, {})),
        created_at: now(),
      })
      .execute()
    await setOrigins(db, id, origins)
    return findSite(db, id)
  })
  if (!created) throw notFound()
  bus.publish({ type: 'site', siteId: id })
  return created
}

interface SiteChange {
  name?: string | undefined
  origins?: readonly string[] | undefined
  departmentId?: string | undefined
  settings?: { [Key in keyof SiteSettings]?: SiteSettings[Key] | undefined } | undefined
}

export async function updateSite(
  { store, bus }: Context,
  caller: AgentCaller,
  siteId: string,
  change: SiteChange,
): Promise<SiteWithOrigins> {
  assertAdmin(caller)
  const origins = change.origins && readOrigins(change.origins)
  const updated = await store.transaction(async ({ db }) => {
    const site = await findSite(db, siteId)
    if (!site) throw notFound()
    const departments = await listDepartments(db)
    const departmentId = change.departmentId ?? site.department_id
    if (!departments.some(({ id }) => id === departmentId)) throw notFound()
    const settings = v.parse(siteSettingsSchema, {
      ...(JSON.parse(site.settings) as object),
      ...change.settings,
    })
    await db
      .updateTable('site')
      .set({
        name: change.name ?? site.name,
        department_id: departmentId,
        settings: JSON.stringify(settings),
      })
      .where('id', '=', siteId)
      .execute()
    if (origins) await setOrigins(db, siteId, origins)
    return findSite(db, siteId)
  })
  if (!updated) throw notFound()
  bus.publish({ type: 'site', siteId })
  return updated
}

/** In the spelling that browsers send: any other would never be recognised. */
function readOrigins(written: readonly string[]) {
  return written.map((each) => {
    const origin = toBrowserOrigin(each)
    if (origin !== undefined) return origin
    throw new AppError('bad-request', 'origins holds an address that no page can have.', {
      field: 'origins',
    })
  })
}

/** The script tag to paste. */
export const tagOf = (publicUrl: string, key: string) =>
  `<script async src="${publicUrl}/w/${key}.js"></script>`

/** Notes where the tag was loaded, for the live check. */
export async function noteSighting(
  { store, now }: Context,
  sighting: { siteId: string; origin: string; isAllowed: boolean },
) {
  await store.transaction(({ db }) => putSighting(db, { ...sighting, at: now() }))
}

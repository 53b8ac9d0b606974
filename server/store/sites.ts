import type { SiteTable } from './schema.ts'
import type { Db } from './store.ts'

export interface SiteWithOrigins extends SiteTable {
  origins: string[]
}

async function withOrigins(db: Db, sites: SiteTable[]): Promise<SiteWithOrigins[]> {
  if (sites.length === 0) return []
  const rows = await db
    .selectFrom('site_origin')
    .selectAll()
    .where(
      'site_id',
      'in',
      sites.map((site) => site.id),
    )
    .orderBy('origin')
    .execute()
  return sites.map((site) => ({
    ...site,
    origins: rows.filter((row) => row.site_id === site.id).map((row) => row.origin),
  }))
}

export async function findSite(db: Db, id: string) {
  const sites = await db.selectFrom('site').selectAll().where('id', '=', id).execute()
  return (await withOrigins(db, sites))[0]
}

export async function findSiteByKey(db: Db, key: string) {
  const sites = await db.selectFrom('site').selectAll().where('key', '=', key).execute()
  return (await withOrigins(db, sites))[0]
}

export async function listSites(db: Db) {
  return withOrigins(db, await db.selectFrom('site').selectAll().orderBy('created_at').execute())
}

export async function setOrigins(db: Db, siteId: string, origins: readonly string[]) {
  await db.deleteFrom('site_origin').where('site_id', '=', siteId).execute()
  await db
    .insertInto('site_origin')
    .values([...new Set(origins)].map((origin) => ({ site_id: siteId, origin })))
    .execute()
}

export async function putSighting(
  db: Db,
  sighting: { siteId: string; isAllowed: boolean; origin: string; at: number },
) {
  const { siteId, origin, at } = sighting
  await db
    .insertInto('site_sighting')
    .values({ site_id: siteId, is_allowed: sighting.isAllowed ? 1 : 0, origin, at })
    .onConflict((conflict) =>
      conflict.columns(['site_id', 'is_allowed']).doUpdateSet({ origin, at }),
    )
    .execute()
}

export function listSightings(db: Db, siteId: string) {
  return db.selectFrom('site_sighting').selectAll().where('site_id', '=', siteId).execute()
}

import * as v from 'valibot'

import { lineSchema } from './primitives.ts'

/** What a site decides about its widget. Public: it is baked into the loader. */
export const siteSettingsSchema = v.object({
  /** `#rrggbb`; contrast is corrected where it is used. */
  accent: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/)), '#4263e0'),
  side: v.optional(v.picklist(['end', 'start']), 'end'),
  theme: v.optional(v.picklist(['auto', 'light', 'dark']), 'auto'),
  welcome: v.optional(lineSchema(120), 'Hi there. How can we help?'),
  showAgents: v.optional(v.boolean(), true),
  /** Agents see what a visitor is typing; visitors are told. */
  typingPreview: v.optional(v.boolean(), false),
})
export type SiteSettings = v.InferOutput<typeof siteSettingsSchema>

/**
 * What the server bakes into the loader: the built script holds the free identifier `__PARLEY_CONFIG__`
 * exactly once, and `/w/KEY.js` is that script with this value, as JSON, in its place.
 */
export interface LoaderConfig {
  /** Site key. */
  key: string
  /** Server's origin with path prefix, without a trailing slash. */
  url: string
  /** Address of the panel's module, relative to `url`. */
  panel: string
  settings: SiteSettings
  siteName: string
  /** FNV-1a hashes (unsigned 32 bit) of the allowed origins: says which pages may show the launcher without listing them. */
  origins: number[]
}

import type { SiteSettings } from '../../shared/protocol/site-settings.ts'

/** What the tag's `data-` attributes may say. Another theme or side than these counts as light, and as the end. */
export interface TagData {
  lang?: string
  theme?: SiteSettings['theme']
  side?: SiteSettings['side']
  offset?: string
  z?: string
  open?: string
}

export interface Options {
  settings: SiteSettings
  direction: 'ltr' | 'rtl'
  /** Distance to the edges, a CSS length. */
  offset: string
  zIndex: string
}

/** The site's settings with the tag's attributes over them. A number that is none is passed over. */
export function readOptions(
  settings: SiteSettings,
  { lang = 'en', theme, side, offset, z }: TagData,
  pageDirection: string,
): Options {
  const isRightToLeft = pageDirection === 'rtl' || /^(ar|fa|he|ku|ps|ur|yi)\b/.test(lang)
  return {
    settings: { ...settings, ...(theme && { theme }), ...(side && { side }) },
    direction: isRightToLeft ? 'rtl' : 'ltr',
    offset: `${toNumber(offset, 20)}px`,
    zIndex: `${toNumber(z, 2147483000)}`,
  }
}

const toNumber = (text: string | undefined, otherwise: number) => {
  const number = parseInt(text ?? '')
  return number >= 0 ? number : otherwise
}

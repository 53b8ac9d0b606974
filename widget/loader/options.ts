import type { LoaderConfig } from '../../shared/protocol/site-settings.ts'

/** What the tag's `data-` attributes may say. */
export interface TagData {
  lang?: string
  theme?: string
  side?: string
  offset?: string
  z?: string
  open?: string
}

export interface Options {
  config: LoaderConfig
  /** Language of the widget's text; the page's when not given. */
  language: string
  direction: 'ltr' | 'rtl'
  /** Distance to the edges, a CSS length. */
  offset: string
  zIndex: string
  isOpenAtStart: boolean
}

const rightToLeft = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/

/** The site's settings with the tag's attributes over them. What makes no sense is passed over. */
export function readOptions(config: LoaderConfig, data: TagData, pageDirection: string): Options {
  const { lang, theme, side, offset, z } = data
  const settings = { ...config.settings }
  const distance = Number(offset ?? 20)
  if (theme === 'light' || theme === 'dark' || theme === 'auto') settings.theme = theme
  if (side === 'start' || side === 'end') settings.side = side
  return {
    config: { ...config, settings },
    language: lang ?? '',
    direction: (lang ? rightToLeft.test(lang) : pageDirection === 'rtl') ? 'rtl' : 'ltr',
    offset: `${distance >= 0 ? distance : 20}px`,
    zIndex: String(Number(z) || 2147483000),
    isOpenAtStart: data.open !== undefined && data.open !== 'false',
  }
}

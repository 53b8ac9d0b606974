import type { StartFacts } from '../../shared/protocol/commands.ts'
import { limits } from '../../shared/protocol/limits.ts'

type PageFacts = NonNullable<StartFacts['page']>

/** Address without what stands behind the path: queries carry order numbers, names and secrets. */
function shorten(address: string) {
  const { protocol, origin, pathname } = new URL(address)
  return /^https?:$/.test(protocol) ? (origin + pathname).slice(0, limits.url) : undefined
}

/** The page that the visitor is on; undefined where it has no address to speak of (a local file). */
export function findPage(): PageFacts | undefined {
  const url = shorten(location.href)
  return url ? { url, title: document.title.slice(0, limits.title) } : undefined
}

/** What an agent may know at the start: only what has the shape that the server takes. */
export function getStartFacts(): StartFacts {
  const page = findPage()
  const referrer = document.referrer && shorten(document.referrer)
  return { ...(page && { page }), ...(referrer && { referrer }), ...getLocale() }
}

export function getLocale(): Pick<StartFacts, 'language' | 'timeZone'> {
  const { language } = navigator
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return {
    ...(/^[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}$/i.test(language) && { language }),
    ...(timeZone && /^[\w+\-/]{1,64}$/.test(timeZone) && { timeZone }),
  }
}

interface NavigationEvents {
  addEventListener(type: 'currententrychange', call: () => void): void
  removeEventListener(type: 'currententrychange', call: () => void): void
}

/** Calls when a single-page site shows another page. No patched history, no polling. */
export function onPageChange(call: () => void): () => void {
  const { navigation } = window as { navigation?: NavigationEvents }
  let last = location.href
  const check = () => {
    if (last === location.href) return
    last = location.href
    // Routers set the title after the address.
    setTimeout(call, 300)
  }
  navigation?.addEventListener('currententrychange', check)
  addEventListener('popstate', check)
  return () => {
    navigation?.removeEventListener('currententrychange', check)
    removeEventListener('popstate', check)
  }
}

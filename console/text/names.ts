import { t } from '../strings/current.ts'

/** "Europe/Riga" is Riga, "America/Argentina/Buenos_Aires" is Buenos Aires, "Etc/UTC" is nowhere. */
export function toPlace(timeZone: string | null): string | undefined {
  if (!timeZone?.includes('/') || /^(Etc|SystemV|US)\//.test(timeZone)) return undefined
  return timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ')
}

/** What a person is called who may not have said their name. */
export function toVisitorName(name: string | null, timeZone: string | null): string {
  if (name) return name
  const place = toPlace(timeZone)
  return place ? t.visitorFrom(place) : t.visitor
}

/** What the avatar of a visitor abbreviates: the place is no part of an anonymous one. */
export const toAvatarName = (name: string | null) => name || t.visitor

/** One or two letters for an avatar; whole characters, also outside the basic plane. */
export function toInitials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word ? ([...word][0] ?? '') : '',
  )
  return letters.join('').toLocaleUpperCase() || '?'
}

/** A steady hue for a colleague, who brings none along. */
export function toHue(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 360
  return sum
}

/** "/checkout" of an address; the address itself where it is none. */
export function toPagePath(url: string): string {
  try {
    const { pathname, search } = new URL(url)
    return decodeURI(pathname + search)
  } catch {
    return url
  }
}

/** "shop.example.com" of an address. */
export function toHost(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}

/** "Latvian" for `lv`; the tag itself where the browser does not know it. */
export function toLanguageName(tag: string): string {
  try {
    return new Intl.DisplayNames([t.locale], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

/** An address that may be clicked; anything but http(s) is shown as text. */
export function toHref(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined
}

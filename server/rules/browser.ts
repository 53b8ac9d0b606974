const longestAgent = 400

/** Order matters: most browsers also claim to be those further down. */
const browsers: readonly (readonly [name: string, token: string])[] = [
  ['Edge', 'Edg/'],
  ['Edge', 'EdgA/'],
  ['Edge', 'EdgiOS/'],
  ['Opera', 'OPR/'],
  ['Samsung Internet', 'SamsungBrowser/'],
  ['Firefox', 'FxiOS/'],
  ['Firefox', 'Firefox/'],
  ['Chrome', 'CriOS/'],
  ['Chrome', 'Chrome/'],
  ['Safari', 'Version/'],
]

const systems: readonly (readonly [name: string, token: string])[] = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['ChromeOS', 'CrOS'],
  ['macOS', 'Macintosh'],
  ['Linux', 'Linux'],
]

/** "Firefox 150, Windows" from a User-Agent header; null where it says nothing known. Linear in its input. */
export function describeBrowser(userAgent: string | undefined): string | null {
  if (!userAgent) return null
  const text = userAgent.slice(0, longestAgent)
  const browser = browsers.find(([, token]) => text.includes(token))
  const system = systems.find(([, token]) => text.includes(token))?.[0]
  if (!browser) return system ?? null
  const [name, token] = browser
  const version = /^\d{1,4}/.exec(text.slice(text.indexOf(token) + token.length))?.[0]
  const named = version ? `${name} ${version}` : name
  return system ? `${named}, ${system}` : named
}

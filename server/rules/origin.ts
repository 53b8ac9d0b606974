/**
 * An origin as browsers send it: names in their ASCII form, no port that goes without saying. Undefined for what only
 * looks like one, such as `https://a..b` or a port of 99999.
 */
export function toBrowserOrigin(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined
  const url = new URL(origin)
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  return isBare && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : undefined
}

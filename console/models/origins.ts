import * as v from 'valibot'

import { originSchema } from '../../shared/api/api.ts'

/** Reads origins one a line. Says which line is none, before the server has to. */
export function parseOrigins(
  text: string,
): { ok: true; origins: string[] } | { ok: false; wrong: string | undefined } {
  const lines = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const origins: string[] = []
  for (const line of lines) {
    const parsed = v.safeParse(originSchema, toOrigin(line))
    if (!parsed.success) return { ok: false, wrong: line }
    if (!origins.includes(parsed.output)) origins.push(parsed.output)
  }
  return origins.length > 0 ? { ok: true, origins } : { ok: false, wrong: undefined }
}

/** Forgives what people paste: a whole address, or a host without its scheme. */
function toOrigin(line: string): string {
  const hasScheme = /^https?:\/\//i.test(line)
  if (!hasScheme && /[:/]\/|\s|@/.test(line)) return line
  const scheme = /^(localhost|127\.)/.test(line) ? 'http://' : 'https://'
  try {
    return new URL(hasScheme ? line : scheme + line).origin
  } catch {
    return line
  }
}

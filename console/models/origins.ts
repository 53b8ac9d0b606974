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
    const parsed = v.safeParse(originSchema, line)
    if (!parsed.success) return { ok: false, wrong: line }
    if (!origins.includes(parsed.output)) origins.push(parsed.output)
  }
  return origins.length > 0 ? { ok: true, origins } : { ok: false, wrong: undefined }
}

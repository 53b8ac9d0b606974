import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import * as v from 'valibot'

import type { Config } from './config.ts'

const rememberedSchema = v.object({ PORT: v.string(), PUBLIC_URL: v.string() })

const fileIn = (dataDir: string) => join(dataDir, 'address.json')

/**
 * Keeps in the data folder under which address this installation was last served. The command line prints links
 * and tags, and the shell in which it runs rarely has the variables of the unit file.
 */
export function rememberAddress({ dataDir, port, publicUrl }: Config) {
  const remembered = { PORT: String(port), PUBLIC_URL: publicUrl }
  try {
    writeFileSync(fileIn(dataDir), `${JSON.stringify(remembered)}\n`, { mode: 0o600 })
  } catch {
    // A convenience; a full disk is reported by those who cannot do without it.
  }
}

/** The environment, with the remembered address where neither PORT nor PUBLIC_URL is set. */
export function withRememberedAddress(env: NodeJS.ProcessEnv, dataDir: string): NodeJS.ProcessEnv {
  if (env['PORT']?.trim() || env['PUBLIC_URL']?.trim()) return env
  return { ...env, ...findRemembered(dataDir) }
}

function findRemembered(dataDir: string) {
  try {
    const parsed = v.safeParse(
      rememberedSchema,
      JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as unknown,
    )
    return parsed.success ? parsed.output : {}
  } catch {
    // Never served yet, or not readable: the defaults hold.
    return {}
  }
}

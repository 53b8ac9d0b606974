import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { dist } from './paths.mjs'

/** What Vite wrote about a target: source to built file, with what that imports. */
export function readManifest(target) {
  return JSON.parse(readFileSync(join(dist, target, 'manifest.json'), 'utf8'))
}

/**
 * The scripts that are loaded before an entry runs: its own and all that it imports, however deep.
 * Style sheets and what is imported on demand do not count.
 */
export function closureOf(manifest, entry) {
  const files = new Set()
  const visit = (name) => {
    const chunk = manifest[name]
    if (!chunk) throw new Error(`The manifest has no ${name}.`)
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.imports?.forEach(visit)
  }
  visit(entry)
  return [...files]
}

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { dist, root } from './paths.mjs'

/*
 * dist/.stamp.json remembers from which sources each target was built. Contents are hashed, not times:
 * a checkout or a copy changes every time, and a second start must not become a build.
 */

const stampPath = join(dist, '.stamp.json')

/** What each target is made of, and the files that show that it is there. */
export const targets = {
  widget: { sources: ['widget', 'shared'], proof: ['widget/loader.js', 'widget/manifest.json'] },
  console: {
    sources: ['console', 'shared'],
    proof: ['console/index.html', 'console/manifest.json'],
  },
  server: { sources: ['server', 'shared'], proof: ['server/main.js', 'server/cli.js'] },
}

const common = [
  'vite.config.ts',
  'package-lock.json',
  'tsconfig.base.json',
  'server/launch/build.mjs',
]

/** The targets that were not built from what is in the checkout now, each with the hash of its sources. */
export function staleTargets() {
  const stamp = readStamp()
  return Object.entries(targets)
    .map(([name, target]) => ({ name, hash: hashOf(target.sources), proof: target.proof }))
    .filter(
      ({ name, hash, proof }) =>
        stamp[name] !== hash || !proof.every((file) => existsSync(join(dist, file))),
    )
}

/** To be called after a target was built from sources with this hash. */
export function rememberBuilt(name, hash) {
  writeFileSync(stampPath, `${JSON.stringify({ ...readStamp(), [name]: hash }, null, 2)}\n`)
}

/** To be called before something else than a build writes into a target. */
export function forgetBuilt(name) {
  if (existsSync(stampPath)) rememberBuilt(name, undefined)
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, 'utf8'))
  } catch {
    return {}
  }
}

function hashOf(folders) {
  const hash = createHash('sha256')
  for (const path of [...common, ...folders.flatMap(sourcesIn)]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

function sourcesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (path === 'server/launch' || entry.name.startsWith('.')) return []
      if (entry.isDirectory()) return sourcesIn(path)
      return /\.test\.tsx?$|\.md$/.test(entry.name) ? [] : [path]
    })
}

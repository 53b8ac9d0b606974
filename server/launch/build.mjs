import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { run } from './child.mjs'
import { withLock } from './lock.mjs'
import { dist, root } from './paths.mjs'
import { launch, say, Sentence } from './sentence.mjs'
import { rememberBuilt, staleTargets } from './stamp.mjs'

/** Builds what is stale, in a process of its own: what a build leaves in memory is no burden to a server. */
export async function build() {
  if (staleTargets().length === 0) return
  const code = await run(process.execPath, [import.meta.filename], { cwd: root, isQuiet: true })
  if (code !== 0) throw new Sentence('The build did not succeed; its words are above.')
}

/**
 * Builds what is stale, here; with names, only those targets. Two at once wait for each other, and the second
 * finds nothing to do. A target that fails does not keep the others from being built.
 */
async function buildHere(names) {
  const failed = []
  mkdirSync(dist, { recursive: true })
  await withLock(join(dist, '.lock'), async () => {
    for (const { name, hash } of staleTargets()) {
      if (names.length > 0 && !names.includes(name)) continue
      const began = performance.now()
      try {
        await builders[name]()
      } catch (error) {
        console.error(error instanceof Error ? error.message : error)
        failed.push(name)
        continue
      }
      rememberBuilt(name, hash)
      say(`Built the ${name} in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
    }
  })
  if (failed.length > 0) throw new Sentence(`Not built: ${failed.join(', ')}.`)
}

const builders = {
  async widget() {
    await keepingLastGeneration('widget', () => bundle('panel'))
    await bundle('loader')
    await compress('widget/assets')
  },
  async console() {
    await keepingLastGeneration('console', () => bundle('console'))
    await compress('console')
  },
  async server() {
    // Built aside and put in place at the end: what runs meanwhile finds either the old or the new.
    const [place, aside, old] = ['server', 'server.next', 'server.old'].map((name) =>
      join(dist, name),
    )
    for (const folder of [aside, old]) rmSync(folder, { recursive: true, force: true })
    await bundle('server', { outDir: aside })
    // The pages of the demo shop are served as they are, from beside the code that serves them.
    cpSync(join(root, 'server/demo/site'), join(aside, 'site'), { recursive: true })
    if (existsSync(place)) renameSync(place, old)
    renameSync(aside, place)
    rmSync(old, { recursive: true, force: true })
  },
}

async function bundle(mode, build = {}) {
  // An environment that says "development" or "test" must not end in a bundle.
  process.env.NODE_ENV = 'production'
  // Imported late: a fresh checkout has no Vite before it is installed.
  const vite = await import('vite')
  await vite.build({
    configFile: join(root, 'vite.config.ts'),
    mode,
    logLevel: 'warn',
    build,
  })
}

async function compress(folder) {
  const { compressFolder } = await import('./compress.mjs')
  await compressFolder(join(dist, folder))
}

/**
 * Files that the build before this one made stay for one more: a page or a console that was opened
 * before an upgrade may still ask for its late parts.
 */
async function keepingLastGeneration(target, work) {
  const before = filesOf(target)
  await work()
  const kept = new Set([...before, ...filesOf(target)])
  const assets = join(dist, target, 'assets')
  if (!existsSync(assets)) return
  for (const name of readdirSync(assets)) {
    if (!kept.has(`assets/${name.replace(/\.(br|gz|map)$/, '')}`)) rmSync(join(assets, name))
  }
}

function filesOf(target) {
  try {
    const manifest = JSON.parse(readFileSync(join(dist, target, 'manifest.json'), 'utf8'))
    return Object.values(manifest).flatMap(({ file, css = [], assets = [] }) => [
      file,
      ...css,
      ...assets,
    ])
  } catch {
    return []
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await launch(async () => {
    const { install } = await import('./install.mjs')
    await install()
    await buildHere(process.argv.slice(2))
  })
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { run } from './child.mjs'
import { root } from './paths.mjs'
import { launch, say, Sentence } from './sentence.mjs'

const neededNode = [20, 19]

/**
 * Installs what the lock file asks for and node_modules lacks. With `isBuilt` the tools that build and test
 * may be missing: a server that was built elsewhere runs on `npm ci --omit=dev`.
 */
export async function install({ isBuilt = false } = {}) {
  checkNode()
  const missing = missingPackages({ isBuilt })
  if (missing.length === 0) return

  say(`Installing ${missing.length === 1 ? missing[0] : `${missing.length} packages`} …`)
  const flags = ['--no-audit', '--no-fund', '--loglevel=error']
  let code = await npm(['ci', ...flags])
  if (code !== 0 && code !== 127 && code < 128) {
    // `npm ci` is strict about the lock file; some npm versions and registries disagree with it about
    // binaries for other systems. The versions stay the locked ones, and neither file is written.
    say('npm ci did not work; trying npm install …')
    code = await npm(['install', '--no-save', ...flags])
  }
  if (code === 127)
    throw new Sentence('npm was not found. Install Node.js with npm, then try again.')
  if (code > 128) throw new Sentence('Installing was interrupted. Start again to go on.')
  if (code !== 0) {
    throw new Sentence(
      `Installing the packages did not work (npm ended with ${code}; its words are above). ` +
        'It needs the npm registry and, for better-sqlite3, a C++ compiler, make and python3. Mend that, then start again.',
    )
  }
  const still = missingPackages({ isBuilt })
  if (still.length > 0) {
    throw new Sentence(
      `npm succeeded, but these packages are still missing: ${still.join(', ')}. ` +
        'Delete the folder node_modules and start again.',
    )
  }
}

/** Under `npm start` the very npm that runs us; otherwise the one on the path. Its words go to stderr. */
function npm(args) {
  const own = process.env.npm_execpath
  const how = { cwd: root, isQuiet: true }
  if (own?.endsWith('.js')) return run(process.execPath, [own, ...args], how)
  return run('npm', args, how).catch(() => 127)
}

/** Names of the locked packages that node_modules does not have in the locked version. */
export function missingPackages({ isBuilt = false } = {}) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  if (!wanted)
    throw new Sentence(
      'package-lock.json is missing or broken. Get it back with: git checkout package-lock.json',
    )
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json')) ?? {}
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.link && !isOptional(entry))
    .filter(([, entry]) => !(isBuilt && entry.dev))
    .filter(([path, entry]) => present[path]?.version !== entry.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
}

/** Packages for other systems are locked, too, and rightly absent. */
function isOptional({ optional, devOptional, peer }) {
  return optional || devOptional || peer
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1])) return
  throw new Sentence(
    `Parley needs Node.js ${neededNode.join('.')} or newer; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await launch(() => install())

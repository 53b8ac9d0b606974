import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

import { withLock } from '../../server/launch/lock.mjs'

/** How to start a browser: its file, and what its environment needs besides ours. */
export interface BrowserBinary {
  /** Undefined: the installed Chrome, which playwright finds by itself. */
  executablePath?: string
  env: Record<string, string>
}

const cache = resolve(import.meta.dirname, '../../.cache')

/**
 * The Chromium of the npm package on Linux x64, where it needs nothing to be installed; elsewhere the
 * installed Chrome. `CHROME_PATH` overrides both.
 */
export async function findBrowser(): Promise<BrowserBinary> {
  const chosen = process.env['CHROME_PATH']
  if (chosen) return { executablePath: chosen, env: {} }
  if (process.platform !== 'linux' || process.arch !== 'x64') return { env: {} }

  const folder = await unpackOnce()
  const executablePath = join(folder, 'chromium')
  // Without any font in the system a page has no text to lay out or to photograph.
  const fonts = existsSync('/etc/fonts/fonts.conf')
    ? {}
    : { FONTCONFIG_PATH: join(folder, 'fonts') }
  const ownLibraries = { LD_LIBRARY_PATH: join(folder, 'al2023/lib') }
  // libnss3 and libnspr4 are not everywhere; the package brings its own, which may be too old for the rest
  // of the system. So they are used only where Chromium does not start without them.
  const choices = [fonts, { ...fonts, ...ownLibraries }]
  const env = choices.find((choice) => canStart(executablePath, choice))
  if (!env) throw new Error('Chromium does not start here. Set CHROME_PATH to an installed Chrome.')
  return { executablePath, env }
}

function canStart(executablePath: string, env: Record<string, string>) {
  const { status } = spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env } })
  return status === 0
}

/** Unpacks it once for all processes and runs (it takes seconds), beside the checkout's other caches. */
async function unpackOnce() {
  const require = createRequire(import.meta.url)
  const main = require.resolve('@sparticuz/chromium')
  const home = main.slice(0, main.lastIndexOf('@sparticuz') + '@sparticuz/chromium'.length)
  const { version } = require(join(home, 'package.json')) as { version: string }
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder

  mkdirSync(cache, { recursive: true })
  await withLock(join(cache, 'chromium.lock'), () => {
    if (existsSync(folder)) return
    const partial = `${folder}.partial`
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial)
    // The package unpacks into the temporary folder of its process, the extra libraries only where it believes
    // itself on Amazon's machines: so it gets a process with an environment of its own.
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`,
      ],
      {
        cwd: import.meta.dirname,
        env: {
          PATH: process.env['PATH'],
          TMPDIR: partial,
          AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
        },
        encoding: 'utf8',
      },
    )
    if (status !== 0) throw new Error(`Chromium could not be unpacked: ${stderr}`)
    renameSync(partial, folder)
  })
  return folder
}

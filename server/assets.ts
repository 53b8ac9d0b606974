import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

import { StoreFailure } from './store/store.ts'

export interface Assets {
  /** Folders of built files. */
  consoleDir: string
  widgetDir: string
  /** The loader's script, with the free identifier `__PARLEY_CONFIG__` once in it. */
  loader(): string
  /** Address of the panel's module, below `/w/`. */
  panelPath(): string
}

/** Where the build is: beside the built server, or in `dist` of the checkout when the sources are run. */
function findDist(from: string) {
  const here = dirname(from)
  const parent = resolve(here, '..')
  return basename(parent) === 'dist' ? parent : join(parent, 'dist')
}

/**
 * The built console and widget. Read once; with `isFresh` (development) at every request.
 * Throws a sentence when the build is missing.
 */
export function openAssets(moduleFile: string, { isFresh }: { isFresh: boolean }): Assets {
  const dist = findDist(moduleFile)
  const widgetDir = join(dist, 'widget')
  const manifestFile = join(widgetDir, 'manifest.json')
  const loaderFile = join(widgetDir, 'loader.js')
  if (!existsSync(manifestFile) || !existsSync(loaderFile)) {
    throw new StoreFailure('settings', `The build is missing in ${dist}. Run npm run build.`)
  }
  const readLoader = () => readFileSync(loaderFile, 'utf8')
  const readPanel = () => {
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<
      string,
      { file: string; isEntry?: boolean }
    >
    const entry = Object.values(manifest).find(({ isEntry }) => isEntry)
    if (!entry) throw new Error('The manifest of the widget names no entry.')
    return entry.file
  }
  const loader = readLoader()
  const panel = readPanel()
  return {
    consoleDir: join(dist, 'console'),
    widgetDir,
    loader: isFresh ? readLoader : () => loader,
    panelPath: isFresh ? readPanel : () => panel,
  }
}

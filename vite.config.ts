import { resolve } from 'node:path'

import type { BuildEnvironmentOptions, Plugin, UserConfig } from 'vite'
import {
  defineConfig,
  type TestProjectInlineConfiguration,
  type ViteUserConfig,
} from 'vitest/config'

const root = import.meta.dirname

/*
 * One file, five uses. `server/launch/build.mjs` builds with --mode loader, panel, console and server;
 * `server/launch/dev.mjs` serves the console; without one of these modes it configures vitest.
 */
export default defineConfig(({ mode }): ViteUserConfig => {
  const build = builds[mode]
  const common: UserConfig = {
    root,
    publicDir: false,
    clearScreen: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  }
  return build ? { ...common, ...build } : { ...common, test: { projects: testProjects } }
})

/** What has constructable style sheets. Style sheets are shipped as written: nothing is lowered behind our back. */
const widgetTarget = ['chrome100', 'edge100', 'firefox102', 'safari16.4']
const cssTarget = ['chrome123', 'edge123', 'firefox121', 'safari17.5']

/** Old hashed files stay beside the new ones for one generation (build.mjs clears them), so vite empties nothing. */
const commonBuild: BuildEnvironmentOptions = {
  emptyOutDir: false,
  reportCompressedSize: false,
  assetsInlineLimit: 0,
  modulePreload: false,
}

const builds: Record<string, UserConfig> = {
  loader: {
    plugins: [configOnce()],
    build: {
      ...commonBuild,
      outDir: 'dist/widget',
      target: widgetTarget,
      rolldownOptions: {
        input: resolve(root, 'widget/loader/loader.ts'),
        output: { format: 'iife', entryFileNames: 'loader.js', codeSplitting: false },
      },
    },
  },

  panel: {
    // Relative: the chunks belong to the server's origin, whatever page they are loaded into.
    base: './',
    plugins: [bareImports()],
    build: {
      ...commonBuild,
      outDir: 'dist/widget',
      target: widgetTarget,
      cssTarget,
      manifest: 'manifest.json',
      rolldownOptions: {
        input: { panel: resolve(root, 'widget/panel/mount.tsx') },
        // An application's entry exports nothing by default; the loader calls `mount`. More may be exported, so
        // that a late chunk takes what it shares from the entry and not from a third file.
        preserveEntrySignatures: 'allow-extension',
        // Schemas are built from parts of others (`...common.entries`); reading a part changes nothing.
        // It also drops `signal.value` where the value is not used, so use what you subscribe to.
        treeshake: { propertyReadSideEffects: false },
        output: {
          format: 'es',
          entryFileNames: 'assets/[name]-[hash].js',
          chunkFileNames: 'assets/[name]-[hash].js',
        },
      },
    },
  },

  console: {
    root: resolve(root, 'console'),
    base: '/console/',
    build: {
      ...commonBuild,
      outDir: resolve(root, 'dist/console'),
      cssTarget,
      manifest: 'manifest.json',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: resolve(root, 'console/index.html') },
    },
  },

  server: {
    build: {
      ...commonBuild,
      outDir: 'dist/server',
      ssr: true,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: {
          main: resolve(root, 'server/main.ts'),
          cli: resolve(root, 'server/cli.ts'),
        },
        // Flat, so that `import.meta.url` is dist/server/ whichever chunk a module ends up in.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
}

/** One file at a time, against what was built. */
const alone = {
  fileParallelism: false,
  globalSetup: ['test/support/built.ts'],
}

function project(
  name: string,
  groupOrder: number,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, sequence: { groupOrder }, ...test } }
}

/** The server puts each site's settings in the place of `__PARLEY_CONFIG__`: it must survive minifying, once. */
function configOnce(): Plugin {
  return {
    name: 'parley-config-once',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue
        const count = file.code.split('__PARLEY_CONFIG__').length - 1
        if (count !== 1)
          this.error(`${file.fileName} holds __PARLEY_CONFIG__ ${count} times instead of once.`)
      }
    },
  }
}

/**
 * Projects of one group run side by side; groups run one after the other, so that nothing that measures time,
 * drives a browser or kills processes has to share the machine with anything else.
 */
const testProjects: TestProjectInlineConfiguration[] = [
  project('unit', 1, { include: ['{shared,widget,console,server}/**/*.test.{ts,tsx}'] }),
  project('parts', 1, {
    include: ['test/{contract,protocol,server,support}/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  }),
  project('check', 2, {
    fileParallelism: false,
    include: ['test/check/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
  }),
  project('e2e', 3, {
    ...alone,
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  }),
  project('faults', 4, {
    ...alone,
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  }),
]

/** Vite wraps every `import()` in a loader of style sheets (0.6 kB). The panel has none: its sheets are text in its modules. */
function bareImports(): Plugin {
  return {
    name: 'parley-bare-imports',
    enforce: 'pre',
    load: {
      filter: { id: /vite\/preload-helper/ },
      handler: () => 'export const __vitePreload = (load) => load()',
    },
  }
}

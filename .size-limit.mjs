import { closureOf, readManifest } from './server/launch/closure.mjs'

/*
 * The budgets, in brotli, of what a browser really loads: the whole import closure from the build's manifest.
 * A rise needs a reason in the commit.
 */
const widget = readManifest('widget')
const panel = closureOf(widget, 'widget/panel/mount.tsx')
const lateParts = Object.values(widget)
  .filter(({ isDynamicEntry, file }) => isDynamicEntry && !panel.includes(file))
  .map(({ file, name }) => ({ file, name }))

const inWidget = (file) => `dist/widget/${file}`

export default [
  // 2.5 kB as a page gets it: the settings that the server puts in cost up to 150 bytes more.
  { name: 'Widget on every page', path: 'dist/widget/loader.js', limit: '2.35 kB', brotli: true },
  {
    name: 'Widget opened and usable',
    path: ['dist/widget/loader.js', ...panel.map(inWidget)],
    limit: '22.5 kB',
    brotli: true,
  },
  ...lateParts.map(({ file, name }) => ({
    name: `Widget later: ${name}`,
    path: inWidget(file),
    // The conversation is no rare part: everyone who gets an answer loads it, right after the first words.
    limit: name === 'chat' ? '8 kB' : '4 kB',
    brotli: true,
  })),
  {
    name: 'Console, first load',
    path: closureOf(readManifest('console'), 'index.html').map((file) => `dist/console/${file}`),
    limit: '90 kB',
    brotli: true,
  },
]

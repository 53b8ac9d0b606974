import { join, resolve } from 'node:path'

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..')
export const dist = join(root, 'dist')
export const bin = (name) => join(root, 'node_modules', '.bin', name)

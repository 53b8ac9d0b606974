import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('./golden/', import.meta.url)

/** The frames of a released version, as they were when it was released. Never edited: an old client still sends them. */
export function readGolden(version: string, group: string): { name: string; text: string }[] {
  const folder = new URL(`${version}/${group}/`, root)
  return readdirSync(folder).map((file) => ({
    name: file.replace(/\.json$/, ''),
    text: readFileSync(new URL(file, folder), 'utf8'),
  }))
}

import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import type { Chance } from '../../server/simulate/chance.ts'

const source = join(import.meta.dirname, 'disk-shim.cc')
const cache = resolve(import.meta.dirname, '../../.cache')

/** The compiled shim, or why there is none on this machine. */
export function buildDiskShim(): { file: string } | { reason: string } {
  if (process.platform !== 'linux') return { reason: 'LD_PRELOAD is Linux’s' }
  const file = join(cache, 'disk-shim.so')
  if (existsSync(file) && statSync(file).mtimeMs > statSync(source).mtimeMs) return { file }
  mkdirSync(cache, { recursive: true })
  const flags = ['-std=c++17', '-O2', '-shared', '-fPIC', '-o', file, source, '-ldl']
  const { status, error, stderr } = spawnSync(process.env['CXX'] ?? 'c++', flags)
  if (error) return { reason: `there is no C++ compiler (${error.message})` }
  return status === 0 ? { file } : { reason: `the shim does not compile: ${stderr.toString()}` }
}

/** A disk that can lose power and fill up, for one server. */
export interface FaultyDisk {
  readonly dataDir: string
  /** For the server's process. */
  readonly env: Record<string, string>
  /**
   * What a power cut leaves: every fsynced byte and, of the sectors that were written and not yet synced, those
   * that chance let through; without chance, none. To be called while the server is dead.
   */
  losePower(chance?: Chance): void
  /** No room: every write fails until `heal`. */
  fill(): void
  /** Every fsync fails until `heal`. */
  breakSync(): void
  heal(): void
  dispose(): void
}

/** Prepares folders and the environment for a server whose disk is faulty. */
export function createFaultyDisk(shim: string): FaultyDisk {
  const home = mkdtempSync(join(tmpdir(), 'parley-disk-'))
  const dataDir = join(home, 'data')
  const image = join(home, 'image')
  const flag = join(home, 'flag')
  mkdirSync(dataDir)
  mkdirSync(image)
  return {
    dataDir,
    env: { LD_PRELOAD: shim, FAULT_DIR: dataDir, FAULT_IMAGE: image, FAULT_FLAG: flag },
    losePower(chance) {
      for (const name of readdirSync(image)) {
        const synced = readFileSync(join(image, name))
        const written = existsSync(join(dataDir, name)) ? readFileSync(join(dataDir, name)) : synced
        writeFileSync(join(image, name), toSurvivor(synced, written, chance))
      }
      rmSync(dataDir, { recursive: true })
      cpSync(image, dataDir, { recursive: true })
    },
    fill: () => writeFileSync(flag, 'F'),
    breakSync: () => writeFileSync(flag, 'E'),
    heal: () => rmSync(flag, { force: true }),
    dispose: () => rmSync(home, { recursive: true, force: true }),
  }
}

const sector = 512

/** Sector by sector: what was synced, or what was written after it, as chance decides. */
function toSurvivor(synced: Buffer, written: Buffer, chance: Chance | undefined) {
  // Half of the cuts keep nothing that was not promised.
  if (!chance || chance.happens(0.5)) return synced
  const survivor = Buffer.from(synced)
  for (let at = 0; at + sector <= survivor.length && at + sector <= written.length; at += sector) {
    const after = written.subarray(at, at + sector)
    if (!after.equals(survivor.subarray(at, at + sector)) && chance.happens(0.5)) {
      after.copy(survivor, at)
    }
  }
  return survivor
}

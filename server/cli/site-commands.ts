import * as v from 'valibot'

import { originSchema } from '../../shared/api/api.ts'
import { limits } from '../../shared/protocol/limits.ts'
import { lineSchema } from '../../shared/protocol/primitives.ts'
import { createSite, tagOf } from '../actions/sites.ts'
import { exitCodes } from '../exit-codes.ts'
import { listSites } from '../store/sites.ts'
import { check, type Command, print, readOptions } from './command.ts'
import { openLocal } from './open-local.ts'

const nameSchema = v.pipe(lineSchema(limits.name), v.minLength(1, 'is empty'))
const originsSchema = v.pipe(v.array(originSchema), v.minLength(1), v.maxLength(50))

async function create(argv: string[]) {
  const options = readOptions(argv, {
    name: { type: 'string' },
    origin: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  })
  const name = check('--name', nameSchema, options.name)
  const origins = check('--origin', originsSchema, options.origin)
  const { context, close } = await openLocal({ mayCreate: true })
  try {
    const site = await createSite(context, { name, origins })
    const tag = tagOf(context.publicUrl, site.key)
    print(options.json, { id: site.id, key: site.key, tag }, [
      `Created ${site.name}. Paste this tag:`,
      tag,
    ])
  } finally {
    await close()
  }
  return exitCodes.ok
}

async function list(argv: string[]) {
  const options = readOptions(argv, { json: { type: 'boolean' } })
  const { context, close } = await openLocal()
  try {
    const sites = (await listSites(context.store.read)).map((site) => ({
      id: site.id,
      key: site.key,
      name: site.name,
      origins: site.origins,
      tag: tagOf(context.publicUrl, site.key),
    }))
    const lines = sites.map((site) => `${site.name}  ${site.origins.join(' ')}\n  ${site.tag}`)
    print(options.json, { sites }, lines.length > 0 ? lines : ['There are no sites yet.'])
  } finally {
    await close()
  }
  return exitCodes.ok
}

/** Sites and their tags. */
export const siteCommands: readonly Command[] = [
  {
    name: 'site create',
    synopsis: '--name NAME --origin https://shop.example.com [--origin …] [--json]',
    about: 'Creates a site and prints the tag to paste.',
    run: create,
  },
  {
    name: 'site list',
    synopsis: '[--json]',
    about: 'Lists sites with their tags.',
    run: list,
  },
]

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import type { LoaderConfig } from '../../shared/protocol/site-settings.ts'
import { fnv1a } from '../../shared/text/fnv1a.ts'
import type { Assets } from '../assets.ts'
import type { KnownSite } from '../realtime/directory.ts'

export interface LoaderScript {
  /** Weak: the encodings are the same script. */
  etag: string
  encoded: Readonly<Record<'identity' | 'gzip' | 'br', string | Buffer>>
}

interface Options {
  assets: Assets
  publicUrl: string
}

/**
 * The loader of each site: the built script with the site's public settings in it, in the encodings that browsers take.
 * Made when first asked for, and again when the settings or the build change.
 */
export function createLoaderScripts({ assets, publicUrl }: Options) {
  const known = new Map<string, { source: string; script: Promise<LoaderScript> }>()

  return {
    get(site: KnownSite): Promise<LoaderScript> {
      const config: LoaderConfig = {
        key: site.key,
        url: publicUrl,
        panel: `/w/${assets.panelPath()}`,
        settings: site.settings,
        siteName: site.name,
        origins: [...site.origins].map(fnv1a),
      }
      // A function, since `$&` in a site's name would mean something to `replace`.
      const source = assets.loader().replace('__PARLEY_CONFIG__', () => JSON.stringify(config))
      const earlier = known.get(site.key)
      if (earlier?.source === source) return earlier.script
      const script = encode(source)
      known.set(site.key, { source, script })
      return script
    },
  }
}

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

async function encode(source: string): Promise<LoaderScript> {
  const hash = createHash('sha256').update(source).digest('base64url')
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  const [br, zipped] = await Promise.all([toBrotli(source, { params }), toGzip(source)])
  return { etag: `W/"${hash.slice(0, 22)}"`, encoded: { identity: source, gzip: zipped, br } }
}

/** The best encoding that the browser takes. */
export function chooseEncoding(accepted: string | undefined): 'identity' | 'gzip' | 'br' {
  const names = (accepted ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase())
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : 'identity'
}

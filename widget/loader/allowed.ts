import type { LoaderConfig } from '../../shared/protocol/site-settings.ts'
import { fnv1a } from '../../shared/text/fnv1a.ts'

/** The server checks again and for real; this spares the page a launcher that could not work. */
export function isAllowedOn(origin: string, { origins }: Pick<LoaderConfig, 'origins'>): boolean {
  return origins.includes(fnv1a(origin))
}

import type { Context } from '../context.ts'
import type { Directory } from './directory.ts'
import type { Hub } from './hub.ts'
import type { Limits } from './limits.ts'
import type { Places } from './places.ts'

/** What the realtime side of a node is made of. */
export interface RealtimeDeps {
  context: Context
  hub: Hub
  directory: Directory
  places: Places
  limits: Limits
}

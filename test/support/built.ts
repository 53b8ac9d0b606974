import { build } from '../../server/launch/build.mjs'

/** Global set-up of the suites that run what was built. Takes a moment when nothing is stale. */
export async function setup() {
  await build()
}

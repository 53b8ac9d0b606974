import type { Db } from '../store.ts'

export interface Migration {
  /** `0001-name`: the number is the order. Never changed after a release. */
  name: string
  up(context: { db: Db; dialect: 'sqlite' | 'postgres' }): Promise<void>
}

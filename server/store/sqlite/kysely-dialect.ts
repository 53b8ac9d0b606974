import type { Statement } from 'better-sqlite3'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'

import type { Schema } from '../schema.ts'
import type { Db } from '../store.ts'
import type { Sqlite } from './connect.ts'

/**
 * Kysely over one better-sqlite3 connection, with every statement prepared once.
 * It begins and commits nothing: the commit queue does. Everything resolves within the same turn.
 */
export function kyselyOver(db: Sqlite): Db {
  const connection = new CachedConnection(db)
  const driver: Driver = {
    async init() {},
    async acquireConnection() {
      return connection
    },
    async beginTransaction() {
      throw new Error('Transactions are begun by store.transaction.')
    },
    async commitTransaction() {},
    async rollbackTransaction() {},
    async releaseConnection() {},
    async destroy() {},
  }
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
  return new Kysely<Schema>({ dialect })
}

class CachedConnection implements DatabaseConnection {
  readonly #db: Sqlite
  readonly #statements = new Map<string, Statement<unknown[]>>()

  constructor(db: Sqlite) {
    this.#db = db
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#db.prepare<unknown[]>(sql)
      // Lists in `in (…)` make a statement per length; keep the cache bounded all the same.
      if (this.#statements.size > 500) this.#statements.clear()
      this.#statements.set(sql, statement)
    }
    if (statement.reader) return { rows: statement.all(...parameters) as Row[] }
    const { changes } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streams are not used: pages are.')
  }
}

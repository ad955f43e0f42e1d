import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { keepsPrepared } from './prepared.ts'
import type { DB } from './schema.gen.ts'

export type Database = Kysely<DB>
export type Tx = Transaction<DB>
/** What a store function runs on: the database or an open transaction. */
export type Executor = Database | Tx

const int8 = 20

/** Ids and fen fit a double exactly up to 2^53; beyond that we rather fail than round. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} is beyond 2^53`)
  return value
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? parseInt8 : pg.types.getTypeParser(oid, format as 'text'),
}

/**
 * Lets this transaction commit without waiting for the disk. Only for work that is done again after a crash: the log is
 * written in order, so what commits later and does wait makes this durable too.
 */
export async function commitLazily(tx: Tx): Promise<void> {
  await sql`set local synchronous_commit = off`.execute(tx)
}

export interface OpenDatabase {
  readonly db: Database
  readonly pool: pg.Pool
  close(): Promise<void>
}

export function openDatabase(
  url: string,
  options: { max?: number; onError?: (error: Error) => void } = {},
): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 16,
    types,
    application_name: 'nuanyu',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  // one that is being closed may still hear that PostgreSQL shuts down: nobody needs to know
  const broken = (error: Error): void => {
    if (!pool.ending) options.onError?.(error)
  }
  // an idle connection that breaks must not end the process; the next query opens another
  pool.on('error', broken)
  // nor one that breaks while it is in use: the query on it fails by itself
  pool.on('connect', (client) => {
    client.on('error', broken)
    keepsPrepared(client)
  })
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    async close() {
      await db.destroy()
      // kysely ends only a pool that it has used itself
      if (!pool.ended) await pool.end()
    },
  }
}

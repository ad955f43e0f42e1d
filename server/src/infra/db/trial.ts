import { Kysely, PostgresDialect } from 'kysely'
import type { OpenDatabase } from './database.ts'
import type { DB } from './schema.gen.ts'

const asSavepoint: Readonly<Record<string, string>> = {
  begin: 'savepoint trial',
  commit: 'release savepoint trial',
  rollback: 'rollback to savepoint trial',
}

/**
 * Does the work for real and takes it back: what it answers is what would happen. Transactions of the work become
 * savepoints of one that is rolled back, so it sees its own writes and nobody else ever does.
 */
export async function tryOut<T>({ pool }: OpenDatabase, work: (db: OpenDatabase['db']) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const query = (text: unknown, values?: unknown) => {
    const nested = typeof text === 'string' ? asSavepoint[text] : undefined
    return Reflect.apply(client.query, client, nested === undefined ? [text, values] : [nested])
  }
  const connection = { query, release: () => undefined }
  const db = new Kysely<DB>({
    dialect: new PostgresDialect({
      pool: { connect: async () => connection, end: async () => undefined, options: {} },
    }),
  })
  let failure: Error | undefined
  try {
    await client.query('begin')
    return await work(db)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    // a connection that cannot even roll back is thrown away
    await client.query('rollback').then(
      () => client.release(),
      (error: unknown) => client.release(failure ?? (error instanceof Error ? error : true)),
    )
  }
}

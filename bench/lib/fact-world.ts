import { randomBytes, randomUUID } from 'node:crypto'
import { newSecret } from '../../server/src/domains/commerce/index.ts'
import { saveCorp } from '../../server/src/domains/organisation/index.ts'
import { keyScopes } from '../../server/src/infra/auth/caller.ts'
import type { OpenDatabase } from '../../server/src/infra/db/database.ts'
import type { BenchContext } from './bench.ts'
import type { FactPlan } from './fact-generator.ts'
import { type Need, writeFacts } from './fact-rows.ts'
import { settle } from './fact-settle.ts'
import { freePort, startServerProcess } from './processes.ts'
import { type Use, useOf } from './processor.ts'
import { shape, worldOf } from './world.ts'
import { openWorld, type WorldDatabase } from './world-database.ts'

const corpId = 1
/** The last day of the world that the audience benches count, so that one kept folder serves all of them. */
const lastDay = 20_650

/** A server over a database that is full already, and how to send it facts. */
export interface FactWorld {
  readonly database: WorldDatabase
  readonly corpId: number
  readonly plan: Pick<FactPlan, 'url' | 'key' | 'run' | 'persons' | 'stores' | 'now'>
  /** Rows that were there before. */
  readonly before: { readonly orders: number; readonly databaseMb: number }
  /** What the server and the database have taken so far. */
  used(): Promise<Use>
  stop(): Promise<void>
}

/**
 * The world of the audience benches with its persons, identities and orders; `needs` says what else a bench asks for.
 * A kept folder is filled once, by parts: what an earlier run wrote stands.
 */
export async function startFactWorld(
  context: BenchContext,
  persons: number,
  needs: readonly Need[] = [],
): Promise<FactWorld> {
  const database = await openWorld(context, corpId, worldOf(persons, lastDay))
  const { pool } = database
  try {
    const now = Date.now()
    const corp = await saveCorp(database.db, { corpid: 'wwbench0000000000001', name: 'Bench' }, new Date(now))
    if (corp.id !== corpId) throw new Error(`The corp of the bench has the number ${corp.id}, its world ${corpId}.`)
    await writeFacts(database, corpId, lastDay, new Date(now), ['orders', ...needs], context.say)
    await settle(database, corpId, new Date(now), context.say)
    const key = await makeKey(database)
    const { rows } = await pool.query<{ orders: number; mb: number }>(
      'select (select count(*)::int from order_keys) as orders, (pg_database_size(current_database()) / 1048576)::int as mb',
    )
    const port = await freePort()
    const server = await startServerProcess(port, {
      ...{ SANDBOX: 'off', DATABASE_URL: database.url, DATA_DIR: context.folder },
      NUANYU_KEY: randomBytes(32).toString('hex'),
    })
    return {
      database,
      corpId,
      plan: {
        ...{ url: `http://127.0.0.1:${port}`, key, persons, stores: shape.stores, now },
        // a kept world holds the facts of earlier runs
        run: Math.floor(now / 1000).toString(36),
      },
      before: { orders: rows[0]?.orders ?? 0, databaseMb: rows[0]?.mb ?? 0 },
      used: () => useOf(server.pid, context.folder, pool),
      async stop() {
        await server.stop()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function makeKey({ pool }: OpenDatabase): Promise<string> {
  const { secret, hash, prefix } = newSecret()
  await pool.query(
    `insert into api_keys (id, corp_id, name, hash, prefix, scopes, per_minute, created_at)
     values ($1, $2, 'bench', $3, $4, $5, 60000, now())`,
    [randomUUID(), corpId, hash, prefix, [...keyScopes]],
  )
  return secret
}

import { randomBytes, randomUUID } from 'node:crypto'
import { newSecret } from '../../server/src/domains/commerce/index.ts'
import { saveCorp } from '../../server/src/domains/organisation/index.ts'
import { keyScopes } from '../../server/src/infra/auth/caller.ts'
import type { BenchContext } from './bench.ts'
import { freePort, startServerProcess } from './processes.ts'
import { worldOf } from './world.ts'
import { openWorld, type WorldDatabase } from './world-database.ts'

const lastDay = 20_650

/**
 * The world of the audience benches, in which persons are known by their unionid; a kept folder gets them once. A server
 * that starts finds no night to be made up for: it would mend what the generated audiences have without sources.
 */
export async function openLiveWorld(context: BenchContext, corpId: number, persons: number): Promise<WorldDatabase> {
  const database = await openWorld(context, corpId, worldOf(persons, lastDay))
  const { db, pool } = database
  try {
    await saveCorp(db, { corpid: 'wwbench0000000000001', name: 'Bench' }, new Date())
    const { rows } = await pool.query<{ there: boolean }>('select exists (select from identities) as there')
    if (!rows[0]?.there) {
      await pool.query(
        'insert into customers (id, corp_id, created_at) select customer_id, corp_id, now() from audience_people',
      )
      await pool.query(
        `insert into identities (corp_id, kind, value, customer_id, seen_at)
         select corp_id, 'unionid', 'u' || person_no, customer_id, now() from audience_people order by 3`,
      )
      await pool.query("select setval('customers_id_seq', (select max(id) + 1 from customers))")
      await pool.query('vacuum analyze customers, identities')
      context.say('persons and identities written')
    }
    await pool.query(
      `insert into audience_settings (corp_id, reconciled_at) values ($1, now())
       on conflict (corp_id) do update set reconciled_at = now()`,
      [corpId],
    )
    await pool.query(
      `insert into due (corp_id, at, kind, key)
       select $1::int, now() + interval '1 day', kind, $2 from unnest($3::text[]) kind
       on conflict (kind, key) do update set at = excluded.at`,
      [corpId, String(corpId), ['audiences.reconcile', 'customers.life_cycle']],
    )
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** A server over it, with the key of a shop. */
export async function startLiveServer({ folder }: BenchContext, { pool, url }: WorldDatabase, corpId: number) {
  const { secret, hash, prefix } = newSecret()
  await pool.query(
    `insert into api_keys (id, corp_id, name, hash, prefix, scopes, per_minute, created_at)
     values ($1, $2, 'bench', $3, $4, $5, 60000, now())`,
    [randomUUID(), corpId, hash, prefix, [...keyScopes]],
  )
  const port = await freePort()
  const server = await startServerProcess(port, {
    ...{ SANDBOX: 'off', DATABASE_URL: url, DATA_DIR: folder },
    NUANYU_KEY: randomBytes(32).toString('hex'),
  })
  return { server, url: `http://127.0.0.1:${port}`, key: secret }
}

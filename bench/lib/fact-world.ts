import { randomBytes, randomUUID } from 'node:crypto'
import { keepBuyers } from '../../server/src/domains/audiences/index.ts'
import { newSecret } from '../../server/src/domains/commerce/index.ts'
import { saveCorp } from '../../server/src/domains/organisation/index.ts'
import { keyScopes } from '../../server/src/infra/auth/caller.ts'
import { type OpenDatabase, openDatabase } from '../../server/src/infra/db/database.ts'
import { migrate } from '../../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/infra/postgres/index.ts'
import type { BenchContext } from './bench.ts'
import type { FactPlan } from './fact-generator.ts'
import { freePort, startServerProcess } from './processes.ts'
import { generateWorld, worldOf } from './world-generator.ts'

const quiet = { info: () => undefined, warn: () => undefined }
const stores = 3_000
const dayMs = 86_400_000

/** A server over a database that is full already, and how to send it facts. */
export interface FactWorld {
  readonly database: OpenDatabase
  readonly corpId: number
  readonly plan: Pick<FactPlan, 'url' | 'key' | 'persons' | 'stores' | 'now'>
  /** Rows that were there before. */
  readonly before: { readonly orders: number; readonly databaseMb: number }
  stop(): Promise<void>
}

export async function startFactWorld({ folder, say }: BenchContext, persons: number): Promise<FactWorld> {
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
  const database = openDatabase(postgres.url)
  const port = await freePort()
  const now = Date.now()
  await migrate(database.pool)
  const corp = await saveCorp(database.db, { corpid: 'wwbench0000000000001', name: 'Bench' }, new Date(now))
  await generateWorld(database.pool, corp.id, worldOf(persons, Math.floor(now / dayMs)), say)
  await fill(database, corp.id, say)
  const key = await makeKey(database, corp.id)
  const { rows } = await database.pool.query<{ orders: number; mb: number }>(
    'select (select count(*)::int from orders) as orders, (pg_database_size(current_database()) / 1048576)::int as mb',
  )
  const server = await startServerProcess(port, {
    ...{ SANDBOX: 'off', DATABASE_URL: postgres.url, DATA_DIR: folder, NUANYU_KEY: randomBytes(32).toString('hex') },
  })
  return {
    database,
    corpId: corp.id,
    plan: { url: `http://127.0.0.1:${port}`, key, persons, stores, now },
    before: { orders: rows[0]?.orders ?? 0, databaseMb: rows[0]?.mb ?? 0 },
    async stop() {
      await server.stop()
      await database.close()
      await postgres.stop()
    },
  }
}

/** The persons, identities and orders that the generated audiences are counted from. */
async function fill({ db, pool }: OpenDatabase, corpId: number, say: (text: string) => void): Promise<void> {
  const steps: readonly [string, string][] = [
    [
      'stores',
      `insert into stores (id, corp_id, code, name, created_at)
       select gen_random_uuid(), $1, 'S' || n, 'Store ' || n, now() from generate_series(0, ${stores - 1}) n`,
    ],
    [
      'persons',
      `insert into customers (id, corp_id, created_at) select customer_id, $1, now() from audience_people where corp_id = $1`,
    ],
    [
      'identities',
      `insert into identities (corp_id, kind, value, customer_id, seen_at)
       select $1, 'unionid', 'u' || person_no, customer_id, now() from audience_people where corp_id = $1`,
    ],
    [
      'orders',
      `insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, channel,
         lines, version_at, learnt_at)
       select o.person_no + 1, o.order_id, $1, 'old', 'A' || o.order_id, 'paid', o.net, 0, at, at, o.channel, l.lines, at, at
       from audience_orders o join (
         select order_id, jsonb_agg(jsonb_build_object('product', product, 'name', '商品', 'category', category,
           'quantity', 1, 'price', amount, 'amount', amount, 'refunded', 0)) as lines
         from audience_lines where corp_id = $1 group by order_id
       ) l using (order_id)
       cross join lateral (select 'epoch'::timestamptz + make_interval(days => o.day) as at) moment
       where o.corp_id = $1`,
    ],
    [
      'numbers of orders',
      `insert into order_keys (number, source, corp_id, order_id, customer_id, version_at, digest) overriding system value
       select number, source, corp_id, id, customer_id, version_at, decode(md5(number), 'hex') from orders where corp_id = $1`,
    ],
    [
      'sequences',
      `select setval('order_keys_order_id_seq', (select max(id) + 1 from orders)), setval('customers_id_seq', (select max(id) + 1 from customers)), $1::int`,
    ],
  ]
  for (const [what, text] of steps) {
    await pool.query(text, [corpId])
    say(`${what} written`)
  }
  await keepBuyers(db, corpId)
  await pool.query('vacuum analyze')
  say('sums of persons kept, tables analysed')
}

async function makeKey({ pool }: OpenDatabase, corpId: number): Promise<string> {
  const { secret, hash, prefix } = newSecret()
  await pool.query(
    `insert into api_keys (id, corp_id, name, hash, prefix, scopes, per_minute, created_at)
     values ($1, $2, 'bench', $3, $4, $5, 60000, now())`,
    [randomUUID(), corpId, hash, prefix, [...keyScopes]],
  )
  return secret
}

import type { OpenDatabase } from '../../server/src/infra/db/database.ts'
import { makePartitions } from '../../server/src/infra/retention/partitions.store.ts'
import { spansFrom } from '../../server/src/infra/retention/periods.ts'
import { shape } from './world.ts'

/** What of a brand's facts a bench asks for: orders with their buyers, behaviour, relations with cards. */
export type Need = 'orders' | 'behaviours' | 'relations'

/** A statement; `$1` is the corp, `$2` today on the calendar and `$3` the same day as a number in the world. */
type Part = readonly [name: string, text: string]

function ordersWhere(days: string): string {
  return `
    insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, store_code,
      channel, lines, version_at, learnt_at)
    select o.person_no + 1, o.order_id, $1, 'old', 'A' || o.order_id, 'paid', o.net, 0, at, at, o.store, o.channel, l.lines, at, at
    from audience_orders o cross join lateral (select jsonb_agg(jsonb_build_object('product', product, 'name', '商品',
        'category', category, 'quantity', 1, 'price', amount, 'amount', amount, 'refunded', 0)) as lines
      from audience_lines l where l.corp_id = $1 and l.order_id = o.order_id) l,
      lateral (select $2::date - $3 + o.day + time '04:00' as at) moment
    where o.corp_id = $1 and ${days}`
}

const parts: Readonly<Record<Need, readonly Part[]>> = {
  orders: [
    [
      'stores',
      `insert into stores (id, corp_id, code, name, created_at)
       select gen_random_uuid(), $1, 's' || n, 'Store ' || n, now() from generate_series(0, ${shape.stores - 1}) n`,
    ],
    [
      'persons',
      `insert into customers (id, corp_id, created_at) select customer_id, $1, now() from audience_people where corp_id = $1`,
    ],
    [
      'identities',
      `insert into identities (corp_id, kind, value, customer_id, seen_at)
       select $1, 'unionid', 'u' || person_no, customer_id, now() from audience_people where corp_id = $1 order by 3`,
    ],
    ['orders of 90 days', ordersWhere('o.day > $3 - 90')],
    ['orders before', ordersWhere('o.day <= $3 - 90')],
    [
      'numbers of orders',
      `insert into order_keys (number, source, corp_id, order_id, customer_id, version_at, digest) overriding system value
       select number, source, corp_id, id, customer_id, version_at, decode(md5(number), 'hex') from orders where corp_id = $1
       on conflict do nothing`,
    ],
    [
      'sequences',
      `select setval('order_keys_order_id_seq', (select max(order_id) + 1 from order_keys)),
         setval('customers_id_seq', (select max(id) + 1 from customers))`,
    ],
  ],
  behaviours: [
    [
      'behaviour',
      `insert into behaviours (customer_id, at, corp_id, name, source, properties)
       select b.person_no + 1, $2::date - $3 + b.day + interval '1 minute' * (b.person_no % 1440), $1, b.name, 'old', '{"product": "p1", "page": "home"}'
       from audience_behaviours b where corp_id = $1`,
    ],
  ],
  relations: [
    [
      'relations',
      `insert into relations (customer_id, corp_id, userid, external_userid, added_at, first_added_at)
       select person_no + 1, $1, staff, 'wm' || person_no, at, at
       from audience_relations r, lateral (select 'epoch'::timestamptz + make_interval(days => r.since) as at) moment
       where corp_id = $1`,
    ],
    [
      'cards',
      `insert into customer_cards (customer_id, corp_id, status, last_added_at)
       select customer_id, $1, 'alive', now() from audience_people where corp_id = $1`,
    ],
  ],
}

const monthsBack = 25

/** Writes what is asked for and not there yet, from the tables that audiences are counted from. */
export async function writeFacts(
  { db, pool }: OpenDatabase,
  corpId: number,
  lastDay: number,
  today: Date,
  needs: readonly Need[],
  say: (text: string) => void,
): Promise<void> {
  await pool.query('create table if not exists bench_facts (part text primary key)')
  const { rows } = await pool.query<{ part: string }>('select part from bench_facts')
  const there = new Set(rows.map(({ part }) => part))
  const wanted = needs.map((need) => parts[need].filter(([name]) => !there.has(name)))
  if (wanted.every((list) => list.length === 0)) return
  const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - monthsBack))
  for (const [table, column] of [
    ['orders', 'ordered_at'],
    ['behaviours', 'at'],
  ] as const)
    await makePartitions(db, table, column, spansFrom(table, 'month', first, monthsBack + 1))
  const write = async (list: readonly Part[]) => {
    const client = await pool.connect()
    try {
      await client.query("set work_mem = '256MB'; set synchronous_commit = off")
      for (const [name, text] of list) {
        await client.query('begin')
        await client.query(valuesIn(text, corpId, today, lastDay))
        await client.query('insert into bench_facts values ($1)', [name])
        await client.query('commit')
        say(`${name} written`)
      }
    } finally {
      client.release(true)
    }
  }
  await Promise.all(wanted.map(write))
  await pool.query('vacuum analyze')
  say('tables vacuumed and analysed')
}

/** Numbers and a date of our own: a statement with parameters that it does not use is refused. */
function valuesIn(text: string, corpId: number, today: Date, lastDay: number): string {
  return text
    .replaceAll('$1', String(corpId))
    .replaceAll('$2', `'${today.toISOString().slice(0, 10)}'`)
    .replaceAll('$3', String(lastDay))
}

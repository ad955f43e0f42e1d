import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Change, markOf, marksOfNumber } from '../../server/src/domains/audiences/index.ts'
import { dice } from './customer-generator.ts'

/** A brand's whole world, as audiences are counted from it. The other figures follow from the number of persons. */
export interface World {
  readonly persons: number
  readonly seed: number
  /** The business day up to which things happened, as a number since 1970-01-01. */
  readonly today: number
}

export const worldOf = (persons: number, today: number, seed = 1): World => ({ persons, today, seed })

const perChunk = 65_536
const shape = {
  staff: 8_000,
  stores: 3_000,
  tags: 500,
  channels: 500,
  departments: 300,
  products: 2_000,
  categories: 40,
}
const perPerson = { relations: 1.4, tags: 8, orders: 4, lines: 2, events: 20 / 3 }
const yearsOfOrders = 2
const daysOfEvents = 180

/** Some are everywhere, most are rare. */
const skewed = (share: number, of: number) => Math.floor(share ** 3 * of)

/** Writes the world of one corp by COPY, indexes last. */
export async function generateWorld(pool: pg.Pool, corpId: number, world: World, say: (text: string) => void) {
  const client = await pool.connect()
  try {
    await client.query("set synchronous_commit = off; set maintenance_work_mem = '512MB'")
    await client.query('insert into audience_corps (corp_id, next_no) values ($1, $2)', [corpId, world.persons])
    const tables: readonly [string, string, Iterable<string>][] = [
      ['audience_people', 'customer_id, corp_id, person_no', peopleRows(corpId, world)],
      ['audience_bits', 'corp_id, key, chunk, bits', bitRows(corpId, world)],
      [
        'audience_relations',
        'corp_id, chunk, person_no, staff, departments, store, channel, since, ended',
        relationRows(corpId, world),
      ],
      ['audience_orders', 'corp_id, chunk, order_id, person_no, day, net, store, channel', orderRows(corpId, world)],
      [
        'audience_lines',
        'corp_id, chunk, order_id, line, person_no, day, product, category, store, channel, amount',
        lineRows(corpId, world),
      ],
      ['audience_behaviours', 'corp_id, name, day, chunk, person_no, times', behaviourRows(corpId, world)],
    ]
    for (const [table, columns, rows] of tables) {
      const indexes = await takeIndexes(client, table)
      await pipeline(Readable.from(chunks(rows)), client.query(copyFrom(`copy ${table} (${columns}) from stdin`)))
      for (const index of indexes) await client.query(index)
      await client.query(`vacuum analyze ${table}`)
      say(`${table} written`)
    }
  } finally {
    client.release()
  }
}

/** Drops the indexes of a table and answers how to make them again: filling a table without is faster by far. */
async function takeIndexes(client: pg.PoolClient, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; def: string; primary: string | null }>(
    `select i.relname as name, pg_get_indexdef(i.oid) as def, c.conname as primary from pg_index x
     join pg_class i on i.oid = x.indexrelid left join pg_constraint c on c.conindid = i.oid where x.indrelid = $1::regclass`,
    [table],
  )
  for (const { name, primary } of rows)
    await client.query(primary ? `alter table ${table} drop constraint ${primary}` : `drop index ${name}`)
  return rows.map(({ name, def, primary }) =>
    primary ? `${def}; alter table ${table} add constraint ${primary} primary key using index ${name}` : def,
  )
}

function* chunks(rows: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const row of rows) {
    chunk += `${row}\n`
    if (chunk.length < 256_000) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

function* peopleRows(corpId: number, { persons }: World): Generator<string> {
  for (let no = 0; no < persons; no += 1) yield `${no + 1}\t${corpId}\t${no}`
}

/** Everything that is kept as bits, a chunk of persons at a time. */
function* bitRows(corpId: number, world: World): Generator<string> {
  for (let first = 0; first < world.persons; first += perChunk) {
    const masks = new Map<string, Buffer>()
    const random = dice(world.seed * 1_000 + first / perChunk)
    const last = Math.min(world.persons - first, perChunk)
    for (let n = 0; n < last; n += 1) {
      for (const key of marksOfPerson(random, world)) {
        const mask = masks.get(key) ?? Buffer.alloc(perChunk / 8)
        masks.set(key, mask)
        mask[n >> 3] = (mask[n >> 3] ?? 0) | (128 >> (n & 7))
      }
    }
    for (const [key, mask] of masks) yield `${corpId}\t${key}\t${first / perChunk}\tx${mask.toString('hex')}`
  }
}

function* marksOfPerson(random: () => number, { today }: World): Generator<string> {
  yield markOf.person
  for (let n = 0; n < perPerson.tags; n += 1) yield markOf.tag(`t${skewed(random(), shape.tags)}`)
  if (random() < 0.1) yield markOf.tag(`t${skewed(random(), shape.tags)}`, 'rule')
  yield markOf.choice('gender', random() < 0.68 ? 'f' : 'm')
  yield markOf.choice('city', `city${skewed(random(), 40)}`)
  yield markOf.stage(`stage${skewed(random(), 6)}`)
  yield markOf.tier(`tier${skewed(random(), 5)}`)
  if (random() < 0.3) yield markOf.group(`g${Math.floor(random() * 200)}`)
  if (random() < 0.4) yield markOf.account('oa', random() < 0.8 ? 'followed' : 'left')
  if (random() < 0.3) yield markOf.account('shop', 'opened')
  if (random() < 0.05) yield markOf.list('list1')
  if (random() < 0.2) yield markOf.audience('audience1')
  if (random() < 0.7) yield* marksOfNumber('age', 16 + Math.floor(random() * 60))
  if (random() < 0.5) yield* marksOfNumber('birthday', today - Math.floor((16 + random() * 60) * 365))
  yield* marksOfNumber('added', today - skewed(random(), 3 * 365))
  const state = random() < 0.88 ? 'alive' : 'ended'
  yield markOf.relation(state, 'anyone', '')
  yield markOf.relation(state, 'department', `d${Math.floor(random() * shape.departments)}`)
  yield markOf.relation(state, 'channel', `ch${skewed(random(), shape.channels)}`)
}

function* relationRows(corpId: number, { persons, seed, today }: World): Generator<string> {
  const random = dice(seed * 1_000 + 901)
  for (let no = 0; no < persons; no += 1) {
    const count = random() < perPerson.relations - 1 ? 2 : 1
    const staff = Math.floor(random() * shape.staff)
    for (let n = 0; n < count; n += 1) {
      const member = (staff + n * 17) % shape.staff
      const since = today - skewed(random(), 3 * 365)
      const ended = random() < 0.12 ? since + Math.floor(random() * (today - since)) : '\\N'
      yield `${corpId}\t${no >> 16}\t${no}\tu${member}\t{d${member % shape.departments}}\ts${member % shape.stores}\tch${skewed(random(), shape.channels)}\t${since}\t${ended}`
    }
  }
}

interface GeneratedOrder {
  readonly id: number
  readonly no: number
  readonly day: number
  readonly lines: readonly { readonly product: number; readonly amount: number }[]
  readonly store: number
  readonly channel: string
}

/** As they come in: by day. A quarter of the persons make most of the orders. */
function* orders({ persons, seed, today }: World): Generator<GeneratedOrder> {
  const random = dice(seed * 1_000 + 902)
  const count = Math.round(persons * perPerson.orders)
  for (let id = 0; id < count; id += 1) {
    const no = (Math.floor(random() ** 2 * persons) * 7_919) % persons
    const day = today - Math.floor(((count - 1 - id) / count) * yearsOfOrders * 365)
    const lines = Array.from({ length: 1 + Math.floor(random() * (perPerson.lines * 2 - 1)) }, () => ({
      product: skewed(random(), shape.products),
      amount: 500 + skewed(random(), 50_000),
    }))
    const store = Math.floor(random() * shape.stores)
    yield { id, no, day, lines, store, channel: random() < 0.5 ? 'shop' : 'pos' }
  }
}

function* orderRows(corpId: number, world: World): Generator<string> {
  for (const { id, no, day, lines, store, channel } of orders(world)) {
    let net = 0
    for (const line of lines) net += line.amount
    yield `${corpId}\t${no >> 16}\t${id}\t${no}\t${day}\t${net}\ts${store}\t${channel}`
  }
}

function* lineRows(corpId: number, world: World): Generator<string> {
  for (const { id, no, day, lines, store, channel } of orders(world)) {
    for (const [at, { product, amount }] of lines.entries())
      yield `${corpId}\t${no >> 16}\t${id}\t${at}\t${no}\t${day}\tp${product}\tc${product % shape.categories}\ts${store}\t${channel}\t${amount}`
  }
}

const behaviours = [
  'view_page',
  'view_product',
  'share',
  'add_to_cart',
  'coupon_received',
  'sign_in',
  'activity_joined',
]

/** One row a person, day and name, so the same of one day is counted up. */
function* behaviourRows(corpId: number, { persons, seed, today }: World): Generator<string> {
  const random = dice(seed * 1_000 + 903)
  const perDay = Math.round((persons * perPerson.events) / daysOfEvents)
  for (let day = today - daysOfEvents + 1; day <= today; day += 1) {
    const times = new Map<number, number>()
    for (let n = 0; n < perDay; n += 1) {
      const no = (Math.floor(random() ** 2 * persons) * 6_007) % persons
      const key = no * behaviours.length + skewed(random(), behaviours.length)
      times.set(key, (times.get(key) ?? 0) + 1)
    }
    for (const [key, count] of times) {
      const no = Math.floor(key / behaviours.length)
      yield `${corpId}\t${behaviours[key % behaviours.length]}\t${day}\t${no >> 16}\t${no}\t${count}`
    }
  }
}

/** So many marks that changed since the bits were folded: tags put on and taken off, stages, tiers, accounts. */
export function generateChanges({ persons, seed }: World, count: number): readonly Change[] {
  const random = dice(seed * 1_000 + 904)
  const changes = new Map<string, Change>()
  while (changes.size < count) {
    const customerId = 1 + Math.floor(random() * persons)
    const roll = random()
    const key =
      roll < 0.7
        ? markOf.tag(`t${skewed(random(), shape.tags)}`)
        : roll < 0.8
          ? markOf.stage(`stage${skewed(random(), 6)}`)
          : roll < 0.9
            ? markOf.account('oa', 'followed')
            : roll < 0.97
              ? markOf.tier(`tier${skewed(random(), 5)}`)
              : markOf.relation('alive', 'anyone', '')
    changes.set(`${key} ${customerId}`, { customerId, kind: 'mark', key, present: random() < 0.7 })
  }
  return [...changes.values()]
}

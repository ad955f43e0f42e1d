import pg from 'pg'
import { type Fill, fillTable } from './binary-rows.ts'
import type { World } from './world.ts'
import { behaviourDays, bits, lines, orders, people, relations } from './world-rows.ts'

const fills = {
  audience_lines: ['corp_id, chunk, order_id, line, person_no, day, product, category, store, channel, amount', lines],
  audience_orders: ['corp_id, chunk, order_id, person_no, day, net, store, channel', orders],
  audience_behaviours: ['corp_id, name, day, chunk, person_no, times', behaviourDays],
  audience_bits: ['corp_id, key, chunk, bits', bits],
  audience_relations: ['corp_id, chunk, person_no, staff, departments, store, channel, since, ended', relations],
  audience_people: ['customer_id, corp_id, person_no', people],
} as const satisfies Readonly<Record<string, readonly [string, (corpId: number, world: World) => Fill]>>

export type WorldTable = keyof typeof fills

/** Fills one table of a world, in a process of its own; reads a plan on stdin, prints null. */
export interface TablePlan {
  readonly url: string
  readonly corpId: number
  readonly world: World
  readonly table: WorldTable
}

async function write({ url, corpId, world, table }: TablePlan): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("set synchronous_commit = off; set maintenance_work_mem = '512MB'")
    const [columns, fill] = fills[table]
    await fillTable(client, table, columns, fill(corpId, world))
  } finally {
    await client.end()
  }
}

if (import.meta.main) {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  await write(JSON.parse(Buffer.concat(chunks).toString('utf8')) as TablePlan)
  process.stdout.write('null')
}

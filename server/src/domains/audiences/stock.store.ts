import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'
import { markOf } from './facts.ts'
import type { Leaf } from './rule.schema.ts'

/** What conditions on stock come to for these persons, as marks: they are read where goods are kept. */
export async function stockMarks(
  on: Executor,
  corpId: number,
  leaves: readonly Leaf[],
  numbers: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const asked = leaves.flatMap((leaf) => (leaf.is === 'stock' ? [leaf] : []))
  if (asked.length === 0) return new Map()
  const products = [...new Set(asked.map((leaf) => leaf.product))]
  const { rows: stocks } = await sql<{ product: string; store: string | null }>`
    select p.number as product, null as store from products p
    where p.corp_id = ${corpId} and p.number = any(${products}::text[]) and p.on_sale and p.stock > 0
    union
    select p.number, s.id::text from products p join product_stocks k on k.product_id = p.id and k.stock > 0
    left join stores s on s.corp_id = k.corp_id and s.code = k.store_code
    where p.corp_id = ${corpId} and p.number = any(${products}::text[]) and p.on_sale`.execute(on)
  const { rows: places } = await sql<{ no: number; stores: string[] }>`
    select person_no as no, array_agg(distinct store) as stores from audience_relations
    where corp_id = ${corpId} and person_no = any(${[...numbers]}::int[]) and ended is null and store is not null
    group by 1`.execute(on)
  const anywhere = new Set(stocks.map(({ product }) => markOf.stock(product, 'anywhere')))
  const storesOf = new Map(places.map(({ no, stores }) => [no, new Set(stores)]))
  return new Map(
    numbers.map((no) => {
      const near = storesOf.get(no)
      const own = stocks.filter(({ store }) => store !== null && near?.has(store))
      return [no, new Set([...anywhere, ...own.map(({ product }) => markOf.stock(product, 'own'))])]
    }),
  )
}

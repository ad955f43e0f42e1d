import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { markOf } from '../rules/facts.ts'
import type { Leaf, Rule } from '../rules/rule.schema.ts'
import { leavesOf } from '../rules/rule.ts'

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

/** The live audiences whose rules ask for goods in stock, and for which. */
export async function stockReaders(
  on: Executor,
): Promise<readonly { readonly id: string; readonly corpId: number; readonly products: readonly string[] }[]> {
  const { rows } = await sql<{ id: string; corpId: number; rule: Rule }>`
    select id, corp_id as "corpId", rule from audiences
    where kind = 'live' and archived_at is null and computed_at is not null
      and jsonb_path_exists(rule, '$.**.is ? (@ == "stock")')`.execute(on)
  return rows.map(({ id, corpId, rule }) => ({
    ...{ id, corpId },
    products: [...new Set(leavesOf(rule).flatMap((leaf) => (leaf.is === 'stock' ? [leaf.product] : [])))],
  }))
}

/** Notes where these goods are in stock now; answers those of which that is another than was noted before. */
export async function notePrints(tx: Tx, corpId: number, products: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ product: string }>`
    with now as (
      select asked.product, coalesce((
        select string_agg(place, ',' order by place) from (
          select k.store_code as place from products p join product_stocks k on k.product_id = p.id and k.stock > 0
          where p.corp_id = ${corpId} and p.number = asked.product and p.on_sale
          union select '*' from products p
          where p.corp_id = ${corpId} and p.number = asked.product and p.on_sale and p.stock > 0) places
        ), '') as print
      from unnest(${[...products]}::text[]) asked(product)
    )
    insert into audience_stocks as s (corp_id, product, print) select ${corpId}, product, print from now
    on conflict (corp_id, product) do update set print = excluded.print where s.print <> excluded.print
    returning product`.execute(tx)
  return rows.map(({ product }) => product)
}

import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { Overtaken } from './overtaken.ts'
import { keyOf, type Named, type Version } from './versions.ts'

/** One version of a product, whole. */
export interface Product extends Named, Version {
  readonly name: string
  readonly category: string
  /** Fen. */
  readonly price: number | null
  readonly image: string | null
  readonly stock: number | null
  readonly onSale: boolean
  readonly attributes: Readonly<Record<string, unknown>>
  readonly stocks: readonly { readonly store: string; readonly stock: number }[]
}

interface KnownProduct extends Named, Version {
  readonly id: number
}

/** What is known of these numbers, by `keyOf`; held until the end of the transaction. */
export async function lockProducts(
  tx: Tx,
  corpId: number,
  named: readonly Named[],
): Promise<ReadonlyMap<string, KnownProduct>> {
  const { rows } = await sql<KnownProduct>`
    select p.id, p.source, p.number, p.version_at as "versionAt", p.digest
    from unnest(${named.map(({ source }) => source)}::text[], ${named.map(({ number }) => number)}::text[]) as n(source, number)
    join products p on p.corp_id = ${corpId} and p.source = n.source and p.number = n.number
    order by p.source, p.number for no key update of p`.execute(tx)
  return new Map(rows.map((row) => [keyOf(row), row]))
}

/** Writes what is new or later; answers the ids, by `keyOf`. */
export async function writeProducts(
  tx: Tx,
  corpId: number,
  products: readonly Product[],
  known: ReadonlyMap<string, KnownProduct>,
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  if (products.length === 0) return new Map()
  const rows = products.map((product) => ({
    ...{ source: product.source, number: product.number, name: product.name, category: product.category },
    ...{ price: product.price, image: product.image, stock: product.stock, on_sale: product.onSale },
    ...{
      attributes: product.attributes,
      version_at: product.versionAt,
      digest: `\\x${product.digest.toString('hex')}`,
    },
  }))
  const { rows: written } = await sql<KnownProduct & { fresh: boolean }>`
    insert into products as p (corp_id, source, number, name, category, price, image, stock, on_sale, attributes, version_at,
      digest, learnt_at)
    select ${corpId}, source, number, name, category, price, image, stock, on_sale, attributes, version_at, digest, ${at}
    from json_populate_recordset(null::products, ${JSON.stringify(rows)}::json)
    order by source, number
    on conflict (corp_id, source, number) do update set name = excluded.name, category = excluded.category,
      price = excluded.price, image = excluded.image, stock = excluded.stock, on_sale = excluded.on_sale,
      attributes = excluded.attributes, version_at = excluded.version_at, digest = excluded.digest,
      learnt_at = excluded.learnt_at
    where (excluded.version_at, excluded.digest) > (p.version_at, p.digest)
    returning p.id, p.source, p.number, p.version_at as "versionAt", p.digest, (p.xmax = 0) as fresh`.execute(tx)
  const expected = written.length === products.length && written.every((row) => row.fresh !== known.has(keyOf(row)))
  if (!expected) throw new Overtaken('another batch brought the same new products')
  return new Map(written.map((row) => [keyOf(row), row.id]))
}

/** The stock by store as the latest version says: what it leaves out is gone. */
export async function writeStocks(
  tx: Tx,
  corpId: number,
  products: readonly Product[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  if (products.length === 0) return
  await sql`delete from product_stocks where product_id = any(${[...ids.values()]}::bigint[])`.execute(tx)
  const rows = products.flatMap((product) =>
    product.stocks.map(({ store, stock }) => ({
      ...{ product_id: ids.get(keyOf(product)), corp_id: corpId, store_code: store, stock },
    })),
  )
  if (rows.length === 0) return
  await sql`
    insert into product_stocks select * from json_populate_recordset(null::product_stocks, ${JSON.stringify(rows)}::json)`.execute(
    tx,
  )
}

export interface ProductRow {
  readonly id: number
  readonly source: string
  readonly number: string
  readonly name: string
  readonly category: string
  readonly price: number | null
  readonly image: string | null
  readonly stock: number | null
  readonly onSale: boolean
  readonly attributes: Readonly<Record<string, unknown>>
  readonly versionAt: Date
}

const columns = sql`p.id, p.source, p.number, p.name, p.category, p.price, p.image, p.stock, p.on_sale as "onSale",
  p.attributes, p.version_at as "versionAt"`

export interface ProductAsk {
  readonly q?: string | undefined
  readonly source?: string | undefined
  readonly number?: string | undefined
  readonly category?: string | undefined
  readonly onSale?: boolean | undefined
  readonly before?: readonly [Date, number] | undefined
  readonly limit: number
}

function asked(ask: Omit<ProductAsk, 'before' | 'limit'>) {
  const like = `%${(ask.q ?? '').replace(/[\\%_]/g, '\\$&')}%`
  return sql`${ask.q === undefined ? sql`` : sql`and (p.name ilike ${like} or p.number ilike ${like})`}
      ${ask.source === undefined ? sql`` : sql`and p.source = ${ask.source}`}
      ${ask.number === undefined ? sql`` : sql`and p.number = ${ask.number}`}
      ${ask.category === undefined ? sql`` : sql`and p.category = ${ask.category}`}
      ${ask.onSale === undefined ? sql`` : sql`and p.on_sale = ${ask.onSale}`}`
}

/** Products, the last changed first. */
export async function listProducts(on: Executor, corpId: number, ask: ProductAsk): Promise<readonly ProductRow[]> {
  const { rows } = await sql<ProductRow>`
    select ${columns} from products p where p.corp_id = ${corpId} ${asked(ask)}
      ${ask.before === undefined ? sql`` : sql`and (p.version_at, p.id) < (${ask.before[0]}::timestamptz, ${ask.before[1]}::bigint)`}
    order by p.version_at desc, p.id desc limit ${ask.limit}`.execute(on)
  return rows
}

export async function countProducts(
  on: Executor,
  corpId: number,
  ask: Omit<ProductAsk, 'before' | 'limit'>,
): Promise<number> {
  const { rows } = await sql<{ products: number }>`
    select count(*)::int as products from products p where p.corp_id = ${corpId} ${asked(ask)}`.execute(on)
  return rows[0]?.products ?? 0
}

export interface StockRow {
  readonly code: string
  readonly name: string
  readonly stock: number
}

export async function findProduct(
  on: Executor,
  corpId: number,
  id: number,
): Promise<{ readonly product: ProductRow; readonly stocks: readonly StockRow[] } | undefined> {
  const { rows } = await sql<ProductRow>`
    select ${columns} from products p where p.corp_id = ${corpId} and p.id = ${id}`.execute(on)
  const [product] = rows
  if (product === undefined) return undefined
  const { rows: stocks } = await sql<StockRow>`
    select k.store_code as code, coalesce(s.name, k.store_code) as name, k.stock from product_stocks k
    left join stores s on s.corp_id = k.corp_id and s.code = k.store_code
    where k.product_id = ${id} order by k.store_code limit 5000`.execute(on)
  return { product, stocks }
}

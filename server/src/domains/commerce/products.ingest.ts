import { createHash } from 'node:crypto'
import { productInput } from '@nuanyu/client/shapes'
import type { z } from 'zod'
import type { Services } from '../../infra/services.ts'
import { storesAmong } from './corp-names.store.ts'
import { type Fault, faults } from './faults.ts'
import { untilNotOvertaken } from './overtaken.ts'
import { lockProducts, type Product, writeProducts, writeStocks } from './products.store.ts'
import { type Outcome, type ReadRow, readRows, type Teller } from './rows.ts'
import { latestOf, news, outcomeOf } from './versions.ts'

const aheadMs = 86_400_000

/** Takes products as another system tells them, stock by store included. Answers what became of every row. */
export async function takeProducts(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { corpId }: Teller,
  given: readonly unknown[],
): Promise<ReadonlyMap<number, Outcome>> {
  const now = clock.now()
  const { rows, outcomes } = readRows(productInput, given)
  const read = rows.map(({ at, row }): ReadRow<Product> => ({ at, row: readProduct(row) }))
  const named = new Set(read.flatMap(({ row }) => row.stocks.map(({ store }) => store)))
  const stores = await storesAmong(db, corpId, [...named])
  const sound = read.filter(({ at, row }) => {
    const fault = productFault(row, stores, now)
    if (fault !== undefined) outcomes.set(at, { kind: 'rejected', fault })
    return fault === undefined
  })
  if (sound.length === 0) return outcomes
  const products = sound.map(({ row }) => row)
  const latest = latestOf(products)
  const written = await untilNotOvertaken(() =>
    db.transaction().execute(async (tx) => {
      const known = await lockProducts(tx, corpId, [...latest.values()])
      const fresh = news(products, known)
      const ids = await writeProducts(tx, corpId, fresh, known, now)
      await writeStocks(tx, corpId, fresh, ids)
      const accepted = new Set(fresh)
      return sound.map(({ at, row }): [number, Outcome] => [at, outcomeOf(row, accepted, known, latest)])
    }),
  )
  return new Map([...outcomes, ...written])
}

function readProduct(given: z.output<typeof productInput>): Product {
  const said = {
    name: given.name,
    category: given.category ?? '',
    price: given.price ?? null,
    image: given.image ?? null,
    stock: given.stock ?? null,
    onSale: given.on_sale ?? true,
    attributes: given.attributes ?? {},
    stocks: (given.stocks ?? []).map(({ store, stock }) => ({ store, stock })),
  }
  return {
    ...said,
    source: given.source,
    number: given.number,
    versionAt: new Date(given.updated_at),
    digest: createHash('sha256').update(JSON.stringify(said)).digest().subarray(0, 16),
  }
}

function productFault(product: Product, stores: ReadonlySet<string>, now: Date): Fault | undefined {
  if (product.versionAt.getTime() > now.getTime() + aheadMs) return faults.ahead('updated_at')
  const seen = new Set<string>()
  for (const { store } of product.stocks) {
    if (!stores.has(store)) return faults.unknownStore('stocks', store)
    if (seen.has(store)) return faults.storeTwice(store)
    seen.add(store)
  }
  return undefined
}

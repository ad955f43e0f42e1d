import { z } from 'zod'
import type { Services } from '../../infra/services.ts'
import { type Cell, type ExportPage, type ExportSource, exportSource } from '../exports/index.ts'
import { countProducts, listProducts, type ProductRow } from './products.store.ts'

const atOnce = 1_000
const header = {
  zh: ['来源', '商品编号', '名称', '类目', '价格（元）', '库存', '在售', '属性'],
  en: ['Source', 'Number', 'Name', 'Category', 'Price (yuan)', 'Stock', 'On sale', 'Attributes'],
}
const filters = z.object({
  q: z.string().max(60).optional(),
  category: z.string().max(64).optional(),
  source: z.string().max(32).optional(),
  on_sale: z.enum(['true', 'false']).optional(),
})

/** 商品库 as a table, as the list is filtered. */
export function productsExport({ db }: Pick<Services, 'db'>): ExportSource {
  const asked = ({ q, on_sale, ...rest }: z.output<typeof filters>) => ({
    ...rest,
    q: q?.trim() || undefined,
    onSale: on_sale === undefined ? undefined : on_sale === 'true',
  })
  return exportSource({
    kind: 'products',
    name: { zh: '商品', en: 'Products' },
    permission: 'products.read',
    personal: false,
    filters,
    measure: async (actor, given) => ({
      rows: await countProducts(db, actor.corpId, asked(given)),
    }),
    cursor: z.tuple([z.coerce.date(), z.int()]),
    async read({ corpId, locale }, given, _zone, from) {
      const pages = async function* (): AsyncGenerator<ExportPage> {
        for (let before: readonly [Date, number] | undefined = from; ; ) {
          const rows = await listProducts(db, corpId, { ...asked(given), before, limit: atOnce })
          const last = rows.at(-1)
          if (last === undefined) return
          before = [last.versionAt, last.id]
          yield { rows: rows.map((row) => cells(row, locale)), next: before }
        }
      }
      return { header: header[locale], pages: pages() }
    },
  })
}

function cells(row: ProductRow, locale: 'zh' | 'en'): readonly Cell[] {
  const yes = locale === 'zh' ? ['否', '是'] : ['no', 'yes']
  const attributes = Object.entries(row.attributes).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [
    ...[row.source, row.number, row.name, row.category],
    ...[row.price === null ? null : row.price / 100, row.stock, yes[Number(row.onSale)] ?? null, attributes.join('; ')],
  ]
}

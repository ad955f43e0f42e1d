import { z } from 'zod'
import type { Actor } from '../../infra/auth/actor.ts'
import { nameFor } from '../../infra/auth/mask.ts'
import type { Services } from '../../infra/services.ts'
import { businessMoment } from '../../infra/zone.ts'
import { type Cell, type ExportPage, type ExportSource, exportSource } from '../exports/index.ts'
import { ordersQuery } from './orders.schema.ts'
import type { Order } from './orders.ts'
import { countOrders, listOrders, type OrderAsk, type OrderRow } from './orders-read.store.ts'

const atOnce = 500
const filters = ordersQuery
  .omit({ cursor: true, limit: true })
  .extend({ lines: z.boolean().default(false).describe('A row for each line of goods, not for each order') })
type Filters = z.output<typeof filters>

const header = {
  zh: [
    '来源',
    '订单号',
    '状态',
    '客户编号',
    '客户姓名',
    '下单时间',
    '支付时间',
    '取消时间',
    '实付金额',
    '退款金额',
    '退款时间',
  ],
  en: [
    'Source',
    'Order',
    'Status',
    'Customer',
    'Name',
    'Ordered',
    'Paid',
    'Cancelled',
    'Amount',
    'Refunded',
    'Refunded at',
  ],
}
const place = { zh: ['门店编码', '门店', '渠道', '员工'], en: ['Store code', 'Store', 'Channel', 'Staff'] }
const goods = { zh: ['商品'], en: ['Goods'] }
const line = {
  zh: ['商品编号', '商品名称', '类目', '数量', '单价', '行金额', '行退款'],
  en: ['Product', 'Product name', 'Category', 'Quantity', 'Price', 'Line amount', 'Line refunded'],
}
const statusWords: Readonly<Record<'zh' | 'en', Readonly<Record<Order['status'], string>>>> = {
  zh: { pending: '待支付', paid: '已支付', part_refunded: '部分退款', refunded: '已退款', cancelled: '已取消' },
  en: {
    pending: 'Pending',
    paid: 'Paid',
    part_refunded: 'Part refunded',
    refunded: 'Refunded',
    cancelled: 'Cancelled',
  },
}

/** 订单 as a table, as the list is filtered; money in yuan. A row an order, or a row a line of goods, as it can be brought in again. */
export function ordersExport({ db }: Pick<Services, 'db'>): ExportSource {
  return exportSource({
    kind: 'orders',
    name: { zh: '订单', en: 'Orders' },
    permission: 'orders.read',
    personal: true,
    filters,
    measure: async (actor, given) => ({
      rows: await countOrders(db, actor, askOf(given)),
    }),
    cursor: z.tuple([z.coerce.date(), z.int()]),
    async read(actor, given, zone, from) {
      const { locale } = actor
      const pages = async function* (): AsyncGenerator<ExportPage> {
        for (let before: readonly [Date, number] | undefined = from; ; ) {
          const rows = await listOrders(db, actor, { ...askOf(given), before, limit: atOnce })
          const last = rows.at(-1)
          if (last === undefined) return
          before = [last.orderedAt, last.id]
          yield { rows: rows.flatMap((row) => rowsOf(actor, row, zone, given.lines)), next: before }
        }
      }
      return { header: [...header[locale], ...place[locale], ...(given.lines ? line : goods)[locale]], pages: pages() }
    },
  })
}

function askOf({ from, until, lines: _, ...rest }: Filters): Omit<OrderAsk, 'before' | 'limit'> {
  return {
    ...rest,
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
  }
}

function rowsOf(actor: Actor, row: OrderRow, zone: string, byLine: boolean): readonly (readonly Cell[])[] {
  const at = (moment: Date | null) => (moment === null ? null : businessMoment(moment, zone))
  const order = [
    ...[row.source, row.number, statusWords[actor.locale][row.status], String(row.root)],
    ...[nameFor(actor, row.customerName ?? ''), at(row.orderedAt), at(row.paidAt), at(row.cancelledAt)],
    ...[row.amount / 100, row.refunded / 100, at(row.refundedAt)],
    ...[row.storeCode, row.storeName, row.channel, row.staffName ?? row.staffUserid],
  ]
  if (!byLine)
    return [[...order, row.lines.map(({ name, product, quantity }) => `${name || product}×${quantity}`).join('、')]]
  return row.lines.map((one) => [
    ...order,
    ...[one.product, one.name, one.category, one.quantity, one.price / 100, one.amount / 100, one.refunded / 100],
  ])
}

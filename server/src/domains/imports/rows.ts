import { CellFault, emailOf, fenOf, momentText, namesOf, numberOf, phoneOf, type RowFault, textOf } from './cells.ts'
import type { ImportKind } from './imports.schema.ts'
import { declaredKindOf } from './mapping.ts'

type Cells = ReadonlyMap<string, string>

export interface ReadingContext {
  readonly zone: string
  /** ISO: what a row without a time of its own was changed at. */
  readonly updatedAt: string
  readonly source: string
}

/** Reads a row, or says what is wrong with it. */
export function readRow<T>(read: () => T): { readonly row: T } | { readonly fault: RowFault } {
  try {
    return { row: read() }
  } catch (error) {
    if (error instanceof CellFault) return { fault: error.fault }
    throw error
  }
}

type Taken<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what the row does not say. */
function said<T extends Readonly<Record<string, unknown>>>(given: T): Taken<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Taken<T>
}

function opt<T>(cells: Cells, field: string, read: (field: string, cell: string) => T): T | undefined {
  const cell = cells.get(field)
  return cell === undefined ? undefined : read(field, cell)
}

const text = (most: number) => (field: string, cell: string) => textOf(field, cell, most)
const code = text(64)

/** Whom a row names, in the shape that other systems use for it. */
export function customerOf(cells: Cells) {
  const others = [...cells].flatMap(([id, cell]) => {
    const kind = declaredKindOf(id)
    return kind === undefined ? [] : [{ kind, value: text(200)(id, cell) }]
  })
  return said({
    external_userid: opt(cells, 'external_userid', code),
    unionid: opt(cells, 'unionid', code),
    member_no: opt(cells, 'member_no', code),
    phone: opt(cells, 'phone', phoneOf),
    phone_typed: opt(cells, 'phone_typed', phoneOf),
    email: opt(cells, 'email', emailOf),
    others: others.length === 0 ? undefined : others,
  })
}

function must(cells: Cells, field: string): string {
  const cell = cells.get(field)
  if (cell !== undefined) return cell
  throw new CellFault(
    field,
    { zh: '必填的一格是空的', en: 'A cell that must be filled is empty' },
    { zh: '请补上，或从表里删掉这一行', en: 'Fill it, or take the row out' },
  )
}

/** An order of one row or of several that follow each other, one a line of goods. */
export function orderOf(rows: readonly Cells[], { zone, updatedAt, source }: ReadingContext) {
  const [first = new Map<string, string>()] = rows
  const time = (field: string, cell: string) => momentText(field, cell, zone)
  const refunded = opt(first, 'refunded', fenOf) ?? 0
  const paidAt = opt(first, 'paid_at', time)
  const changed = opt(first, 'updated_at', time) ?? updatedAt
  const number = code('number', must(first, 'number'))
  return said({
    source,
    number,
    updated_at: changed,
    customer: customerOf(first),
    ordered_at: time('ordered_at', must(first, 'ordered_at')),
    paid_at: paidAt,
    cancelled_at: opt(first, 'cancelled_at', time),
    amount: fenOf('amount', must(first, 'amount')),
    lines: rows.map(lineOf),
    refunds:
      refunded === 0
        ? undefined
        : [
            {
              number: `${number}-R`.slice(-64),
              amount: refunded,
              at: opt(first, 'refunded_at', time) ?? paidAt ?? changed,
            },
          ],
    store: opt(first, 'store', code),
    channel: opt(first, 'channel', code),
    staff: opt(first, 'staff', code),
  })
}

function lineOf(cells: Cells) {
  const quantity = opt(cells, 'quantity', numberOf) ?? 1
  const amount = opt(cells, 'line_amount', fenOf)
  const price = opt(cells, 'price', fenOf) ?? (amount === undefined ? 0 : Math.round(amount / Math.max(1, quantity)))
  return said({
    product: code('product', must(cells, 'product')),
    name: opt(cells, 'product_name', text(200)),
    category: opt(cells, 'category', code),
    quantity,
    price,
    amount,
  })
}

export function memberOf(cells: Cells, { zone, updatedAt, source }: ReadingContext) {
  const time = (field: string, cell: string) => momentText(field, cell, zone)
  return said({
    source,
    number: code('number', must(cells, 'number')),
    updated_at: opt(cells, 'updated_at', time) ?? updatedAt,
    customer: customerOf(cells),
    name: opt(cells, 'name', text(64)),
    level: opt(cells, 'level', text(32)),
    points: opt(cells, 'points', numberOf),
    joined_at: opt(cells, 'joined_at', time),
    ended_at: opt(cells, 'ended_at', time),
    store: opt(cells, 'store', code),
  })
}

export interface TagRow {
  readonly customer: ReturnType<typeof customerOf>
  readonly group: string | undefined
  readonly tags: readonly string[]
  readonly says: boolean
}

export function tagRowOf(cells: Cells): TagRow {
  return {
    customer: customerOf(cells),
    group: opt(cells, 'group', text(60)),
    tags: namesOf(must(cells, 'tag')),
    says: !/^(?:是|y|yes|true|1|移除)$/i.test(cells.get('remove') ?? ''),
  }
}

/** What names the thing of a row: a later row of the same key speaks of the same thing. Undefined: none of its own. */
export function keyOfCells(kind: ImportKind, cells: Cells): string | undefined {
  if (kind === 'orders' || kind === 'members') return cells.get('number')
  if (kind === 'stores') return cells.get('code')
  const named = ['external_userid', 'unionid', 'member_no', 'phone', 'phone_typed', 'email']
  const found =
    named.find((field) => cells.has(field)) ?? [...cells.keys()].find((id) => declaredKindOf(id) !== undefined)
  if (found === undefined) return undefined
  return `${found} ${cells.get(found)} ${kind === 'tags' ? (cells.get('tag') ?? '') : ''}`
}

import { ofAllOrders } from '../kept/buyers.ts'
import type { DaySpan, OrdersLeaf, RelationLeaf } from '../rules/facts.ts'
import type { Leaf } from '../rules/rule.schema.ts'

/**
 * Persons read from rows: where `from` holds `where`, grouped by person when `having` asks for more than one row.
 * `$` stands for the next of `values`. Persons may come twice.
 */
export interface SetOf {
  /** `everyone`: all persons where `where` holds, which says nothing of a person, or nobody. */
  readonly from:
    | 'everyone'
    | 'relations'
    | 'orders'
    | 'lines'
    | 'buyers'
    | 'bought'
    | 'rowsOfBought'
    | 'behaviours'
    | 'behaved'
    | 'rowsOfBehaved'
  readonly where: string
  readonly having: string
  readonly values: readonly (number | string | readonly string[])[]
  /** It is of few days that begin and end, so an index on them reads it as a whole sooner than person by person. */
  readonly ofFewDays?: boolean
}

class Conditions {
  readonly texts: string[] = []
  readonly values: (number | string | readonly string[])[] = []

  add(text: string, ...values: readonly (number | string | readonly string[] | undefined)[]): void {
    const given = values.filter((value) => value !== undefined)
    if (given.length < values.length) return
    this.texts.push(text)
    this.values.push(...given)
  }

  days({ from, to }: DaySpan, column = 'day'): void {
    this.add(`${column} >= $`, from)
    this.add(`${column} <= $`, to)
  }

  get text(): string {
    return this.texts.join(' and ')
  }
}

export function relationSet(leaf: RelationLeaf, since: DaySpan): SetOf {
  const where = new Conditions()
  if (leaf.by === 'department') where.add('departments && $::text[]', leaf.any)
  else if (leaf.by !== 'anyone') where.add(`${leaf.by} = any($::text[])`, leaf.any)
  if (leaf.state !== 'ever') where.add(leaf.state === 'alive' ? 'ended is null' : 'ended is not null')
  where.days(since, 'since')
  return { from: 'relations', where: where.text, having: '', values: where.values }
}

const inStock = `from products p where p.number = $ and p.on_sale`
const storesWithIt = `select k.corp_id, s.id::text from product_stocks k join products p on p.id = k.product_id
  join stores s on s.corp_id = k.corp_id and s.code = k.store_code where p.number = $ and p.on_sale and k.stock > 0`

/** Goods in stock: anywhere, which holds for everybody or nobody; or in a store of somebody whose contact he is. */
export function stockSet({ product, where }: Extract<Leaf, { is: 'stock' }>): SetOf {
  if (where === 'own')
    return {
      ...{ from: 'relations', having: '', values: [product] },
      where: `ended is null and (corp_id, store) in (${storesWithIt})`,
    }
  return {
    ...{ from: 'everyone', having: '', values: [product, product] },
    where: `(exists (select ${inStock} and p.corp_id = corp.corp_id and p.stock > 0)
      or exists (select from product_stocks k join products p on p.id = k.product_id
        where k.corp_id = corp.corp_id and k.stock > 0 and p.number = $ and p.on_sale))`,
  }
}

/** Who bought since the digits of buyers were folded; with a condition, those of them whose row holds it. */
export function boughtSince(where = '', ...values: readonly number[]): SetOf {
  return { from: where ? 'rowsOfBought' : 'bought', where, having: '', values }
}

/** Orders of a window by person, with what their measure must be. */
export function ordersSet(leaf: OrdersLeaf, days: DaySpan, today: number): SetOf {
  const { measure, from, to, window } = leaf
  const byLine = leaf.product !== undefined || leaf.category !== undefined
  const where = new Conditions()
  const having = new Conditions()
  if (ofAllOrders(leaf) && measure === 'average' && !window) {
    where.add('net >= $::bigint * orders', from)
    where.add('net <= $::bigint * orders', to)
    where.add('orders > 0')
    return { from: 'buyers', where: where.text, having: '', values: where.values }
  }
  where.days(days)
  where.add('product = $', leaf.product)
  where.add('category = $', leaf.category)
  where.add('store = $', leaf.store)
  where.add('channel = $', leaf.channel)
  const amount = byLine ? 'amount' : 'net'
  const count = byLine ? 'count(distinct order_id)' : 'count(*)'
  if (measure === 'count') {
    if (from !== undefined && from > 1) having.add(`${count} >= $`, from)
  } else if (measure === 'sum') having.add(`sum(${amount}::float8) >= $::float8`, from)
  else if (measure === 'average') {
    having.add(`sum(${amount}::float8) >= $::float8 * ${count}`, from)
    having.add(`sum(${amount}::float8) <= $::float8 * ${count}`, to)
  } else recency(having, 'max(day)', leaf, today)
  return {
    ...{ from: byLine ? 'lines' : 'orders', where: where.text, having: having.text },
    values: [...where.values, ...having.values],
    ...(isOfFewDays(days) ? { ofFewDays: true } : {}),
  }
}

const isOfFewDays = ({ from, to }: DaySpan) => from !== undefined && to !== undefined && to - from < 31

/**
 * Events of a window by person, with what their measure must be: folded ones; those noted since (`behaved`); and all of
 * whom any were noted since (`rowsOfBehaved`).
 */
export function eventsSet(
  leaf: Extract<Leaf, { is: 'events' }>,
  days: DaySpan,
  today: number,
  from: 'behaviours' | 'behaved' | 'rowsOfBehaved',
): SetOf {
  const where = new Conditions()
  const having = new Conditions()
  where.add('name = $', leaf.name)
  where.days(days)
  if (leaf.measure === 'recency') recency(having, 'max(day)', leaf, today)
  else if (leaf.from !== undefined && leaf.from > 1) having.add('sum(times) >= $', leaf.from)
  return {
    ...{ from, where: where.text, having: having.text },
    values: [...where.values, ...having.values],
    ...(isOfFewDays(days) ? { ofFewDays: true } : {}),
  }
}

/** Who did something of this name since it was folded. */
export function behavedSince(name: string): SetOf {
  return { from: 'behaved', where: 'name = $', having: '', values: [name] }
}

/** Days since the latest; what is dated ahead is today. */
function recency(
  to: Conditions,
  latest: string,
  bounds: { readonly from?: number | undefined; readonly to?: number | undefined },
  today: number,
): void {
  if (bounds.to !== undefined) to.add(`${latest} >= $`, bounds.to < 0 ? 2_000_000_000 : today - bounds.to)
  if (bounds.from !== undefined && bounds.from > 0) to.add(`${latest} <= $`, today - bounds.from)
}

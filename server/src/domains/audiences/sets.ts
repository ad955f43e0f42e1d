import { type DaySpan, type OrdersLeaf, periodDays, type RelationLeaf } from './facts.ts'
import type { Leaf } from './rule.schema.ts'

/**
 * Persons read from rows: where `from` holds `where`, grouped by person when `having` asks for more than one row.
 * `$` stands for the next of `values`. Persons may come twice.
 */
export interface SetOf {
  readonly from: 'audience_relations' | 'audience_orders' | 'audience_lines' | 'audience_buyers' | 'audience_behaviours'
  readonly where: string
  readonly having: string
  readonly values: readonly (number | string | readonly string[])[]
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
  return { from: 'audience_relations', where: where.text, having: '', values: where.values }
}

/** At least so many orders, or fen, where the kept columns of a buyer tell. */
export function buyersAtLeast(leaf: OrdersLeaf, least: number, today: number): SetOf | undefined {
  if (leaf.product !== undefined || leaf.category !== undefined) return undefined
  if (leaf.store !== undefined || leaf.channel !== undefined) return undefined
  const buyers = (where: string, ...values: number[]): SetOf => ({
    ...{ from: 'audience_buyers', where, having: '', values },
  })
  const { window, measure } = leaf
  if (!window) return buyers(measure === 'count' ? 'orders >= $' : 'net >= $', least)
  if (measure === 'count' && 'days' in window && least <= 5) return buyers(`d${least} >= $`, today - window.days + 1)
  if (measure === 'sum' && 'periods' in window) {
    const last = Math.floor(today / periodDays)
    const sums = Array.from({ length: window.periods }, (_, back) => {
      const period = last - back
      return `case when period >= ${period} then s${period % 13} else 0 end`
    })
    return buyers(`period >= ${last - window.periods + 1} and ${sums.join(' + ')} >= $`, least)
  }
  return undefined
}

/** Orders of a window by person, with what their measure must be. */
export function ordersSet(leaf: OrdersLeaf, days: DaySpan, today: number): SetOf {
  const { measure, from, to, window } = leaf
  const byLine = leaf.product !== undefined || leaf.category !== undefined
  const everything = !byLine && leaf.store === undefined && leaf.channel === undefined
  const where = new Conditions()
  const having = new Conditions()
  if (everything && measure === 'recency' && (!window || 'days' in window)) {
    where.add('d1 >= $', days.from ?? 0)
    recency(where, 'd1', leaf, today)
    return { from: 'audience_buyers', where: where.text, having: '', values: where.values }
  }
  if (everything && measure === 'average' && !window) {
    where.add('net >= $::bigint * orders', from)
    where.add('net <= $::bigint * orders', to)
    where.add('orders > 0')
    return { from: 'audience_buyers', where: where.text, having: '', values: where.values }
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
  } else if (measure === 'sum') having.add(`sum(${amount}) >= $`, from)
  else if (measure === 'average') {
    having.add(`sum(${amount}) >= $::bigint * ${count}`, from)
    having.add(`sum(${amount}) <= $::bigint * ${count}`, to)
  } else recency(having, 'max(day)', leaf, today)
  return {
    ...{ from: byLine ? 'audience_lines' : 'audience_orders', where: where.text, having: having.text },
    values: [...where.values, ...having.values],
  }
}

export function eventsSet(leaf: Extract<Leaf, { is: 'events' }>, days: DaySpan, today: number): SetOf {
  const where = new Conditions()
  const having = new Conditions()
  where.add('name = $', leaf.name)
  where.days(days)
  if (leaf.measure === 'recency') recency(having, 'max(day)', leaf, today)
  else if (leaf.from !== undefined && leaf.from > 1) having.add('sum(times) >= $', leaf.from)
  return {
    ...{ from: 'audience_behaviours', where: where.text, having: having.text },
    values: [...where.values, ...having.values],
  }
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

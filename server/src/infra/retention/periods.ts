import type { Period } from './rules.ts'

const dayMs = 86_400_000

/** A span of time that one partition holds: from its first moment up to, and without, `until`. */
export interface Span {
  readonly name: string
  readonly from: Date
  readonly until: Date
}

/** The span of a table that a moment falls into, and the ones after it. */
export function spansFrom(table: string, period: Period, at: Date, ahead: number): readonly Span[] {
  return Array.from({ length: ahead + 1 }, (_, n) => spanOf(table, period, at, n))
}

function spanOf(table: string, period: Period, at: Date, n: number): Span {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  const from = new Date(period === 'month' ? Date.UTC(year, month + n) : Date.UTC(year, month, day + n))
  const until = new Date(period === 'month' ? Date.UTC(year, month + n + 1) : Date.UTC(year, month, day + n + 1))
  const written = from.toISOString().slice(0, period === 'month' ? 7 : 10)
  return { name: `${table}_${written.replaceAll('-', '')}`, from, until }
}

/** The span that a partition's name stands for; undefined for the default partition and for what is none of ours. */
export function spanOfName(table: string, name: string): Span | undefined {
  const [, year, month, day] = /^_(\d{4})(\d{2})(\d{2})?$/.exec(name.slice(table.length)) ?? []
  if (!name.startsWith(table) || year === undefined) return undefined
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)))
  return spanOf(table, day === undefined ? 'month' : 'day', at, 0)
}

/** Rows before this moment are past their days. */
export function cutoff(now: Date, days: number): Date {
  return new Date(now.getTime() - days * dayMs)
}

import type { BatchAnswer, RowAnswer } from '@nuanyu/client'
import type { z } from 'zod'
import type { Said } from '../../infra/errors.ts'
import { type Fault, faultOf } from './faults.ts'

/** What became of one row. */
export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unchanged'; readonly why: 'same' | 'older' }
  | { readonly kind: 'rejected'; readonly fault: Fault }

/** Who tells us of facts. */
export interface Teller {
  readonly corpId: number
  /** What to name as the cause of what happens, e.g. `key:<id>`. */
  readonly cause: string
}

export interface ReadRow<T> {
  /** Its place in the request. */
  readonly at: number
  readonly row: T
}

export interface ReadRows<T> {
  readonly rows: readonly ReadRow<T>[]
  readonly outcomes: Map<number, Outcome>
}

/** Reads every row by itself: one that does not fit holds up no other. */
export function readRows<S extends z.ZodType>(schema: S, given: readonly unknown[]): ReadRows<z.output<S>> {
  const rows: ReadRow<z.output<S>>[] = []
  const outcomes = new Map<number, Outcome>()
  for (const [at, raw] of given.entries()) {
    const { data, error } = schema.safeParse(raw)
    const [issue] = error?.issues ?? []
    if (issue === undefined) rows.push({ at, row: data as z.output<S> })
    else outcomes.set(at, { kind: 'rejected', fault: faultOf(issue) })
  }
  return { rows, outcomes }
}

const whys: Readonly<Record<'same' | 'older', Said>> = {
  same: { zh: '与已有内容相同。', en: 'It is known already.' },
  older: { zh: '已有更新的版本。', en: 'A later version is known.' },
}

/** One answer a row, in their order and in the reader's language. */
export function answerOf(
  given: readonly unknown[],
  outcomes: ReadonlyMap<number, Outcome>,
  language: keyof Said,
): BatchAnswer {
  const counts = { accepted: 0, unchanged: 0, rejected: 0 }
  const results = given.map((raw, at): RowAnswer => {
    const outcome = outcomes.get(at)
    if (outcome === undefined) throw new Error(`row ${at} has no outcome`)
    counts[outcome.kind] += 1
    const name = { source: textOf(raw, 'source'), number: textOf(raw, 'number'), status: outcome.kind }
    if (outcome.kind === 'accepted') return name
    if (outcome.kind === 'unchanged') return { ...name, reason: whys[outcome.why][language] }
    const { field, said, hint } = outcome.fault
    return { ...name, field, reason: said[language], hint: hint[language] }
  })
  return { ...counts, results }
}

function textOf(raw: unknown, field: string): string | null {
  if (typeof raw !== 'object' || raw === null) return null
  const value: unknown = Object.getOwnPropertyDescriptor(raw, field)?.value
  return typeof value === 'string' ? value.slice(0, 64) : null
}

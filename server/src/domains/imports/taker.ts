import type { Tx } from '../../infra/db/database.ts'
import type { Services } from '../../infra/services.ts'
import type { RowFault } from './cells.ts'
import type { StoredImport } from './imports.store.ts'

/** One thing of the file: a row, or rows that follow each other and tell of the same order. */
export interface Unit {
  readonly line: number
  readonly rows: readonly ReadonlyMap<string, string>[]
}

export type UnitOutcome =
  | { readonly kind: 'new' | 'changed' | 'unchanged' }
  | { readonly kind: 'rejected'; readonly fault: RowFault }

/** Called with what became of each unit: in the transaction that wrote them where there is one. */
export type Settle = (outcomes: readonly UnitOutcome[], tx?: Tx) => Promise<void>

/** Takes units of one kind, a chunk at a time; a trial writes nothing. */
export interface Taker {
  readonly chunk: number
  /** Reads a unit that is whole, while the chunk before is on its way to the database: what costs our processor, not its. */
  prepare?(unit: Unit): void
  take(units: readonly Unit[], settle: Settle): Promise<void>
}

export type TakerNeeds = Pick<Services, 'db' | 'database' | 'clock' | 'vault'>

export interface TakerJob {
  readonly import: StoredImport
  readonly zone: string
  readonly trial: boolean
}

export const changed = { kind: 'changed' } as const
export const unchanged = { kind: 'unchanged' } as const
export const fresh = { kind: 'new' } as const
export const rejected = (fault: RowFault): UnitOutcome => ({ kind: 'rejected', fault })

/** Every unit has an outcome; one without is a fault of ours. */
export function inOrder(units: readonly Unit[], outcomes: ReadonlyMap<Unit, UnitOutcome>): readonly UnitOutcome[] {
  return units.map((unit) => {
    const outcome = outcomes.get(unit)
    if (outcome === undefined) throw new Error(`row ${unit.line} has no outcome`)
    return outcome
  })
}

/** A unit that could be read. */
export interface SoundUnit<Row> {
  readonly unit: Unit
  readonly row: Row
}

/** The units that could be read, each with its row; what is wrong with another is its outcome. */
export function soundUnits<Row>(
  units: readonly Unit[],
  read: (unit: Unit) => { readonly row: Row } | { readonly fault: RowFault },
  outcomes: Map<Unit, UnitOutcome>,
): readonly SoundUnit<Row>[] {
  return units.flatMap((unit) => {
    const one = read(unit)
    if ('row' in one) return [{ unit, row: one.row }]
    outcomes.set(unit, rejected(one.fault))
    return []
  })
}

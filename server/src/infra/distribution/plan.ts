import type { Placement } from '../db/placement.ts'

/** Where a table lies now. Tables that Citus knows only because of a foreign key to a reference table are `local`. */
export interface Laid {
  readonly table: string
  readonly where: 'local' | 'reference' | 'distributed'
  readonly column: string | undefined
  /** Tables of one colocation group have equal values on one machine. */
  readonly group: number | undefined
}

/** One table's way to where its declaration wants it. */
export interface Step {
  readonly table: string
  /** It lies elsewhere now, and comes back to the coordinator first. */
  readonly comeBack: boolean
  readonly to:
    | { readonly kind: 'reference' }
    | { readonly kind: 'local' }
    | { readonly kind: 'distributed'; readonly column: string; readonly beside: string | undefined }
}

/** The table beside which a table's equal values must lie; undefined for the first of its group, or when it stands alone. */
export function besideOf(table: string, placement: Placement): string | undefined {
  const first = firstOf(placement)
  return first === table ? undefined : first
}

function firstOf(placement: Placement): string | undefined {
  if (placement.kind === 'customer') return 'events'
  return placement.kind === 'key' ? placement.beside : undefined
}

/** Whether the table lies as declared; `at` finds another table's place. */
export function lies(laid: Laid, placement: Placement, at: (table: string) => Laid | undefined): boolean {
  if (!('column' in placement)) return laid.where === placement.kind
  if (laid.where !== 'distributed' || laid.column !== placement.column) return false
  const beside = besideOf(laid.table, placement)
  return beside === undefined || at(beside)?.group === laid.group
}

/**
 * What has to be done, in an order that works: reference tables before what points to them by foreign key
 * (`parentsFirst`), the first table of a group before those beside it. Empty when all lies as declared.
 */
export function planOf(
  placements: Readonly<Record<string, Placement>>,
  laid: readonly Laid[],
  parentsFirst: readonly string[],
): readonly Step[] {
  const places = new Map(laid.map((one) => [one.table, one]))
  const rank = (step: Step): number => {
    if (step.to.kind === 'local') return 0
    if (step.to.kind === 'reference') return 1
    return step.to.beside === undefined ? 2 : 3
  }
  const steps = parentsFirst.flatMap((table): Step[] => {
    const placement = placements[table]
    const now = places.get(table)
    if (placement === undefined || now === undefined || lies(now, placement, (other) => places.get(other))) return []
    const to: Step['to'] =
      'column' in placement
        ? { kind: 'distributed', column: placement.column, beside: besideOf(table, placement) }
        : { kind: placement.kind }
    return [{ table, comeBack: now.where !== 'local', to }]
  })
  return steps.toSorted((a, b) => rank(a) - rank(b))
}

/** Tables so that each comes after those that it points to by foreign key. */
export function inOrderOfKeys(
  tables: readonly string[],
  keys: readonly { readonly table: string; readonly pointsTo: string }[],
): readonly string[] {
  const placed = new Set<string>()
  const place = (table: string, below: readonly string[]): void => {
    if (placed.has(table) || below.includes(table)) return
    for (const key of keys) if (key.table === table) place(key.pointsTo, [...below, table])
    placed.add(table)
  }
  for (const table of tables) place(table, [])
  return [...placed]
}

import type { z } from 'zod'
import type { Actor, Permission } from '../../infra/auth/actor.ts'
import type { Said } from '../../infra/errors.ts'

/** Text stays text in every format, also when it looks like a number or a formula; numbers are numbers. */
export type Cell = string | number | null

export interface ExportMeasure {
  /** The one thing it is of, by its own name, such as an audience's; undefined: the name of the table says it all. */
  readonly of?: string
  /** How many rows it will come to about; undefined where counting costs as much as writing. */
  readonly rows: number | undefined
}

export interface ExportTable {
  readonly header: readonly string[]
  /** Rows in pages of some thousand at most; one page is in memory at a time. */
  readonly pages: AsyncIterable<ExportPage>
}

export interface ExportPage<Cursor = unknown> {
  readonly rows: readonly (readonly Cell[])[]
  /** Where the next page begins: kept, so that a table whose process was killed is gone on with there. */
  readonly next: Cursor
}

interface Described<Filters, Cursor> {
  readonly kind: string
  readonly name: Said
  /** Needed beside `customers.export`. */
  readonly permission: Permission
  /** Rows tell of persons: they are masked by role, and a rule of approval may count them. */
  readonly personal: boolean
  readonly filters: z.ZodType<Filters>
  /** What it is and how much of it. Throws an `AppError` where the actor may not, or where it does not exist. */
  measure(actor: Actor, filters: Filters): Promise<ExportMeasure>
  /** What of it is asked for, for whoever has to agree: an audience's rule. Undefined: the filters say it. */
  about?(actor: Actor, filters: Filters): Promise<Said>
  /** What a page tells of the next one, as JSON keeps it. */
  readonly cursor: z.ZodType<Cursor>
  /** As this actor may see it now, in his language; times by the clocks of the corp's zone. From a page on, or the first. */
  read(actor: Actor, filters: Filters, zone: string, from: Cursor | undefined): Promise<ExportTable>
}

/** One kind of table that can be taken away, given its filters as they are stored. */
export interface ExportSource extends Pick<Described<never, never>, 'kind' | 'name' | 'permission' | 'personal'> {
  /** The filters as they are stored; throws a ZodError when these are none. */
  check(filters: unknown): unknown
  measure(actor: Actor, filters: unknown): Promise<ExportMeasure>
  about(actor: Actor, filters: unknown): Promise<Said | undefined>
  read(actor: Actor, filters: unknown, zone: string, from?: unknown): Promise<ExportTable>
}

/** What people call it, in every language: only what it is of is kept with it, and no words. */
export function titleOf(source: Pick<ExportSource, 'name'> | undefined, of: string): Said {
  return of === '' && source !== undefined ? source.name : { zh: of, en: of }
}

export function exportSource<Filters, Cursor>(described: Described<Filters, Cursor>): ExportSource {
  const { kind, name, permission, personal, filters: shape, cursor } = described
  return {
    ...{ kind, name, permission, personal },
    check: (filters) => shape.parse(filters),
    measure: (actor, filters) => described.measure(actor, shape.parse(filters)),
    about: async (actor, filters) => described.about?.(actor, shape.parse(filters)),
    read: (actor, filters, zone, from) =>
      described.read(actor, shape.parse(filters), zone, from === undefined ? undefined : cursor.parse(from)),
  }
}

import { localTime } from '../../../infra/zone.ts'
import type { Change } from '../rules/change.ts'
import { marksOfRelation, type RelationOfPerson } from '../rules/facts.ts'

/** A relation as the customers' room has it, under any home of a person. */
export interface RelationRow {
  readonly staff: string
  readonly departments: readonly number[] | null
  readonly store: string | null
  readonly channel: string | null
  readonly status: string
  readonly firstAt: Date | null
  readonly addedAt: Date | null
  readonly halfAt: Date | null
  readonly endedAt: Date | null
}

/** The departments and all above them: who asks for a department means those below it too. */
export function withAbove(ids: readonly number[], parents: ReadonlyMap<number, number>): readonly string[] {
  const found = new Set<number>()
  for (const id of ids)
    for (let at: number | undefined = id; at !== undefined && !found.has(at); at = parents.get(at)) found.add(at)
  return [...found].sort((a, b) => a - b).map(String)
}

/** The relations of a person as rules ask for them: one a member of staff, the living before the ended. */
export function relationsOfPerson(
  rows: readonly RelationRow[],
  { zone, parents }: { readonly zone: string; readonly parents: ReadonlyMap<number, number> },
): readonly RelationOfPerson[] {
  const day = (at: Date) => localTime(at, zone).dayNumber
  return [...Map.groupBy(rows, (row) => row.staff)].map(([staff, own]) => {
    const [row] = own.toSorted((a, b) => rank(b) - rank(a) || begun(b) - begun(a))
    const since = row ? begun(row) : 0
    const alive = row?.status === 'alive'
    const ended = row?.endedAt ?? row?.halfAt ?? row?.addedAt ?? null
    return {
      staff,
      departments: withAbove(row?.departments ?? [], parents),
      store: row?.store ?? undefined,
      channel: row?.channel ?? undefined,
      since: day(new Date(since)),
      ended: alive ? undefined : day(ended ?? new Date(since)),
    }
  })
}

const rank = (row: RelationRow) => (row.status === 'alive' ? 1 : 0)
const begun = (row: RelationRow) => (row.addedAt ?? row.firstAt ?? row.halfAt ?? row.endedAt ?? new Date(0)).getTime()

/** What became of a person's relations: those that are new or other, and the marks of those that are gone. */
export function relationChanges(
  customerId: number,
  before: readonly RelationOfPerson[],
  now: readonly RelationOfPerson[],
): { readonly changes: readonly Change[]; readonly gone: readonly string[] } {
  const old = new Map(before.map((one) => [one.staff, one]))
  const staying = new Set(now.map((one) => one.staff))
  const gone = before.filter((one) => !staying.has(one.staff))
  const kept = new Set(now.flatMap(marksOfRelation))
  const lost = [...new Set(gone.flatMap(marksOfRelation))].filter((key) => !kept.has(key))
  return {
    gone: gone.map((one) => one.staff),
    changes: [
      ...now
        .filter((one) => !same(old.get(one.staff), one))
        .map((relation): Change => ({ customerId, kind: 'relation', relation })),
      ...lost.map((key): Change => ({ customerId, kind: 'mark', key, present: false })),
    ],
  }
}

function same(a: RelationOfPerson | undefined, b: RelationOfPerson): boolean {
  return (
    a !== undefined &&
    a.store === b.store &&
    a.channel === b.channel &&
    a.since === b.since &&
    a.ended === b.ended &&
    a.departments.length === b.departments.length &&
    a.departments.every((id, at) => id === b.departments[at])
  )
}

import { bytes, type Column, column, interned, shorts, words } from './columns.ts'
import type { BaseRelations } from './relations.seed.ts'

/** Flags of one relation; 0 is a friendship on both sides. */
export const MEMBER_DELETED = 1
export const CUSTOMER_DELETED = 2
/** The customer is in, the member has not confirmed (免验证). */
export const HALF = 4
/** The customer asked, the member has not accepted; no relation yet. */
export const REQUESTED = 8

/** What a member wrote about a customer: only of relations where it was changed. */
export interface RelationNotes {
  remark: string
  description: string
  remarkCompany: string
  remarkMobiles: readonly string[]
  /** Corp tag ids. */
  tags: ReadonlySet<string>
}

/**
 * All follow relations of the corp as columns; a relation's number is its row. The rows of the seed stand by member,
 * later ones behind them; a member's list is his stretch of the seed followed by his later rows, so a cursor stays valid.
 */
export interface Relations {
  readonly count: number
  staffOf(relation: number): number
  customerOf(relation: number): number
  /** Seconds since 1970. */
  createdAt(relation: number): number
  flags(relation: number): number
  addWay(relation: number): number
  state(relation: number): string
  notes(relation: number): RelationNotes | undefined
  setNotes(relation: number, notes: RelationNotes): void
  setFlags(relation: number, flags: number): void
  /** Rows of one member, ended ones included. */
  staffRows(staff: number): number
  staffRow(staff: number, position: number): number
  ofCustomer(customer: number): number[]
  find(staff: number, customer: number): number | undefined
  /** Makes or renews the relation and returns its row. */
  upsert(relation: NewRelation): number
  /** Relations that count against the caps: all that the member has not deleted. */
  heldByStaff(staff: number): number
  readonly held: number
  dump(): RelationsState
  load(state: RelationsState): void
}

/** What differs from the seed: rows that came later, and seeded ones that were changed. */
export interface RelationsState {
  readonly later: readonly (readonly [
    staff: number,
    customer: number,
    createdAt: number,
    flags: number,
    addWay: number,
    state: string,
  ])[]
  readonly flags: readonly (readonly [row: number, flags: number])[]
  readonly renewed: readonly (readonly [row: number, as: Renewed])[]
  readonly notes: readonly (readonly [
    row: number,
    notes: Omit<RelationNotes, 'tags'> & { readonly tags: readonly string[] },
  ])[]
}

interface Renewed {
  created: number
  addWay: number
  state: string
}

export interface NewRelation {
  staff: number
  customer: number
  createdAt: number
  addWay: number
  state: string
  flags: number
}

export function createRelations(base: BaseRelations): Relations {
  const later = {
    staff: column(shorts, 0),
    customer: column(words, 0),
    created: column(words, 0),
    flags: column(bytes, 0),
    addWay: column(bytes, 0),
  }
  const states = interned()
  const laterState: Column = column(words, 0)
  /** Changed attributes of seed rows. */
  const renewed = new Map<number, Renewed>()
  const notes = new Map<number, RelationNotes>()
  /** Seed rows whose flags are no longer the seed's. */
  const reflagged = new Set<number>()
  const rowsOfStaff = new Map<number, number[]>()
  const rowsOfCustomer = new Map<number, number[]>()
  const seedCount = base.count
  let count = seedCount
  let held = 0
  const heldOf = column(words, 0)
  for (let staff = 0; staff < base.staffStart.length - 1; staff++) {
    const rows = (base.staffStart[staff + 1] ?? 0) - (base.staffStart[staff] ?? 0)
    heldOf.set(staff, rows)
    held += rows
  }
  for (let row = 0; row < seedCount; row++) {
    if (((base.flags[row] ?? 0) & MEMBER_DELETED) !== 0) shiftHeld(base.staff[row] ?? 0, -1)
  }

  function shiftHeld(staff: number, by: number): void {
    heldOf.set(staff, heldOf.get(staff) + by)
    held += by
  }
  const counts = (flags: number) => (flags & (MEMBER_DELETED | REQUESTED)) === 0
  const flagsOf = (row: number) => (row < seedCount ? (base.flags[row] ?? 0) : later.flags.get(row - seedCount))
  const staffOf = (row: number) => (row < seedCount ? (base.staff[row] ?? 0) : later.staff.get(row - seedCount))
  const customerOf = (row: number) =>
    row < seedCount ? (base.customer[row] ?? 0) : later.customer.get(row - seedCount)

  function setFlags(row: number, flags: number): void {
    const before = flagsOf(row)
    if (row < seedCount) {
      base.flags[row] = flags
      reflagged.add(row)
    } else later.flags.set(row - seedCount, flags)
    if (counts(before) !== counts(flags)) shiftHeld(staffOf(row), counts(flags) ? 1 : -1)
  }
  function ofCustomer(customer: number): number[] {
    const rows: number[] = []
    const end = base.customerStart[customer + 1] ?? 0
    for (let at = base.customerStart[customer] ?? 0; at < end; at++) rows.push(base.byCustomer[at] ?? 0)
    const more = rowsOfCustomer.get(customer)
    return more === undefined ? rows : rows.concat(more)
  }
  function find(staff: number, customer: number): number | undefined {
    return ofCustomer(customer).find((row) => staffOf(row) === staff)
  }

  const relations: Relations = {
    get count() {
      return count
    },
    get held() {
      return held
    },
    staffOf,
    customerOf,
    createdAt: (row) =>
      row < seedCount ? (renewed.get(row)?.created ?? base.created[row] ?? 0) : later.created.get(row - seedCount),
    flags: flagsOf,
    addWay: (row) =>
      row < seedCount ? (renewed.get(row)?.addWay ?? base.addWay(row)) : later.addWay.get(row - seedCount),
    state: (row) =>
      row < seedCount ? (renewed.get(row)?.state ?? base.state(row)) : states.text(laterState.get(row - seedCount)),
    notes: (row) => notes.get(row),
    setNotes: (row, value) => void notes.set(row, value),
    setFlags,
    staffRows: (staff) =>
      (base.staffStart[staff + 1] ?? 0) - (base.staffStart[staff] ?? 0) + (rowsOfStaff.get(staff)?.length ?? 0),
    staffRow(staff, position) {
      const start = base.staffStart[staff] ?? 0
      const seeded = (base.staffStart[staff + 1] ?? 0) - start
      return position < seeded ? start + position : (rowsOfStaff.get(staff)?.[position - seeded] ?? 0)
    },
    ofCustomer,
    find,
    heldByStaff: (staff) => heldOf.get(staff),
    upsert(relation) {
      const known = find(relation.staff, relation.customer)
      if (known !== undefined) {
        setFlags(known, relation.flags)
        // A member's notes end with his side of the relation; a new start is a blank card.
        if (known < seedCount) {
          renewed.set(known, { created: relation.createdAt, addWay: relation.addWay, state: relation.state })
        } else {
          later.created.set(known - seedCount, relation.createdAt)
          later.addWay.set(known - seedCount, relation.addWay)
          laterState.set(known - seedCount, states.number(relation.state))
        }
        return known
      }
      const row = count++
      const at = row - seedCount
      later.staff.set(at, relation.staff)
      later.customer.set(at, relation.customer)
      later.created.set(at, relation.createdAt)
      later.flags.set(at, relation.flags)
      later.addWay.set(at, relation.addWay)
      laterState.set(at, states.number(relation.state))
      push(rowsOfStaff, relation.staff, row)
      push(rowsOfCustomer, relation.customer, row)
      if (counts(relation.flags)) shiftHeld(relation.staff, 1)
      return row
    },
    dump() {
      const rows = Array.from({ length: count - seedCount }, (_, at) => seedCount + at)
      return {
        later: rows.map((row) => [
          staffOf(row),
          customerOf(row),
          relations.createdAt(row),
          flagsOf(row),
          relations.addWay(row),
          relations.state(row),
        ]),
        flags: [...reflagged].map((row) => [row, flagsOf(row)]),
        renewed: [...renewed],
        notes: [...notes].map(([row, { tags, ...rest }]) => [row, { ...rest, tags: [...tags] }]),
      }
    },
    load(state) {
      for (const [staff, customer, createdAt, flags, addWay, text] of state.later) {
        relations.upsert({ staff, customer, createdAt, flags, addWay, state: text })
      }
      for (const [row, flags] of state.flags) setFlags(row, flags)
      for (const [row, as] of state.renewed) renewed.set(row, as)
      for (const [row, { tags, ...rest }] of state.notes) notes.set(row, { ...rest, tags: new Set(tags) })
    },
  }
  return relations
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

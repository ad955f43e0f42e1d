import { bytes, type Column, column, doubles, words } from '../world/columns.ts'

/** What became of every add since the reset: some fifty bytes each, so a load run can be judged whole. */
export interface AddLog {
  readonly total: number
  open(add: {
    staff: number
    customer: number
    scannedMs: number
    codes: number
    half: boolean
    expiresMs: number
  }): number
  acknowledged(add: number, atMs: number): void
  welcomed(add: number, atMs: number): void
  rejected(add: number): void
  row(add: number): AddRow | undefined
  /** All of them; with `after`, those numbered above it. */
  rows(after?: number): Iterable<AddRow>
  clear(): void
}

export interface AddRow {
  add: number
  staff: number
  customer: number
  scannedMs: number
  /** -1: not yet. */
  firstAckMs: number
  welcomedMs: number
  welcomes: number
  codes: number
  rejected: number
  half: boolean
  expiresMs: number
}

export function createAddLog(): AddLog {
  let columns = make()
  let first = 1
  let next = 1
  /** Adds before the reset have numbers below `first`. */
  const at = (add: number) => (add >= first && add < next ? add - first : -1)
  const read = (add: number): AddRow | undefined => {
    const row = at(add)
    if (row < 0) return undefined
    return {
      add,
      staff: columns.staff.get(row),
      customer: columns.customer.get(row),
      scannedMs: columns.scanned.get(row),
      firstAckMs: columns.acknowledged.get(row),
      welcomedMs: columns.welcomed.get(row),
      welcomes: columns.welcomes.get(row),
      codes: columns.codes.get(row),
      rejected: columns.rejected.get(row),
      half: columns.half.get(row) === 1,
      expiresMs: columns.expires.get(row),
    }
  }
  return {
    get total() {
      return next - first
    },
    open(add) {
      const number = next++
      const row = number - first
      columns.staff.set(row, add.staff)
      columns.customer.set(row, add.customer)
      columns.scanned.set(row, add.scannedMs)
      columns.acknowledged.set(row, -1)
      columns.welcomed.set(row, -1)
      columns.codes.set(row, add.codes)
      columns.half.set(row, add.half ? 1 : 0)
      columns.expires.set(row, add.expiresMs)
      columns.welcomes.set(row, 0)
      columns.rejected.set(row, 0)
      return number
    },
    acknowledged(add, atMs) {
      const row = at(add)
      if (row >= 0 && columns.acknowledged.get(row) < 0) columns.acknowledged.set(row, atMs)
    },
    welcomed(add, atMs) {
      const row = at(add)
      if (row < 0) return
      if (columns.welcomed.get(row) < 0) columns.welcomed.set(row, atMs)
      columns.welcomes.set(row, Math.min(255, columns.welcomes.get(row) + 1))
    },
    rejected(add) {
      const row = at(add)
      if (row >= 0) columns.rejected.set(row, Math.min(255, columns.rejected.get(row) + 1))
    },
    row: read,
    *rows(after = 0) {
      for (let add = Math.max(after + 1, first); add < next; add++) {
        const row = read(add)
        if (row !== undefined) yield row
      }
    },
    clear() {
      columns = make()
      first = next
    },
  }
}

function make(): Record<
  | 'staff'
  | 'customer'
  | 'scanned'
  | 'acknowledged'
  | 'welcomed'
  | 'expires'
  | 'welcomes'
  | 'codes'
  | 'rejected'
  | 'half',
  Column
> {
  return {
    staff: column(words, 1024),
    customer: column(words, 1024),
    scanned: column(doubles, 1024),
    acknowledged: column(doubles, 1024),
    welcomed: column(doubles, 1024),
    expires: column(doubles, 1024),
    welcomes: column(bytes, 1024),
    codes: column(bytes, 1024),
    rejected: column(bytes, 1024),
    half: column(bytes, 1024),
  }
}

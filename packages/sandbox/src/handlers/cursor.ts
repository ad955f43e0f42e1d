/** Cursors are opaque texts that hold a position; anything else is not a cursor of ours. */
export function readCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined || cursor === '') return 0
  const position = /^p([0-9a-z]{1,11})\.([0-9a-z])$/.exec(cursor)
  if (position?.[1] === undefined) return undefined
  const value = Number.parseInt(position[1], 36)
  return check(value) === position[2] ? value : undefined
}

export function writeCursor(position: number): string {
  return `p${position.toString(36)}.${check(position)}`
}

/** A stretch of a list with the cursor of what follows; empty at the end. */
export function pageOf<T>(rows: readonly T[], from: number, limit: number): { page: T[]; next: string } {
  const end = from + limit
  return { page: rows.slice(from, end), next: end < rows.length ? writeCursor(end) : '' }
}

const check = (value: number): string => ((value * 7 + 11) % 36).toString(36)

import type { Outcome } from './rows.ts'

/** One version of a fact of another system. */
export interface Version {
  readonly versionAt: Date
  /** A fingerprint of what it says: of two versions of one moment the greater counts, so that order does not matter. */
  readonly digest: Buffer
}

export interface Named {
  readonly source: string
  readonly number: string
}

export const keyOf = ({ source, number }: Named): string => `${source} ${number}`

export function isLater(one: Version, other: Version): boolean {
  const gap = one.versionAt.getTime() - other.versionAt.getTime()
  return gap === 0 ? Buffer.compare(one.digest, other.digest) > 0 : gap > 0
}

export function isSame(one: Version, other: Version): boolean {
  return one.versionAt.getTime() === other.versionAt.getTime() && one.digest.equals(other.digest)
}

/** The latest version of each thing among these; by place. */
export function latestOf<T extends Named & Version>(rows: readonly T[]): ReadonlyMap<string, T> {
  const latest = new Map<string, T>()
  for (const row of rows) {
    const other = latest.get(keyOf(row))
    if (other === undefined || isLater(row, other)) latest.set(keyOf(row), row)
  }
  return latest
}

/** What to write: the latest of each thing, where it is later than what is known. */
export function news<T extends Named & Version>(rows: readonly T[], known: ReadonlyMap<string, Version>): readonly T[] {
  return [...latestOf(rows).values()].filter((row) => {
    const before = known.get(keyOf(row))
    return before === undefined || isLater(row, before)
  })
}

/** What becomes of a row, when these are written: a version that stands already, here or there, changes nothing. */
export function outcomeOf<T extends Named & Version>(
  row: T,
  written: ReadonlySet<T>,
  known: ReadonlyMap<string, Version>,
  latest: ReadonlyMap<string, T>,
): Outcome {
  if (written.has(row)) return { kind: 'accepted' }
  const others = [known.get(keyOf(row)), latest.get(keyOf(row))]
  const same = others.some((version) => version !== undefined && version !== row && isSame(row, version))
  return { kind: 'unchanged', why: same ? 'same' : 'older' }
}

import { readdirSync, readFileSync } from 'node:fs'

/**
 * Proportional set size of a process in MB: what it has for itself and its share of what it shares with others.
 * Linux only; null elsewhere, or when the process is gone.
 */
export function pssMb(pid: number): number | null {
  try {
    const kb = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
    return kb === undefined ? null : Number(kb) / 1024
  } catch {
    return null
  }
}

/** A process and all that it started, as far as they still live. */
export function family(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(Number(name))
    if (parent !== undefined) parents.set(Number(name), parent)
  }
  const found = [pid]
  for (const member of found) for (const [child, parent] of parents) if (parent === member) found.push(child)
  return found
}

/** The PSS of a process with all its children but those of `without`, rounded to a tenth of a MB. */
export function familyMb(pid: number, without?: number): number {
  const others = new Set(without === undefined ? [] : family(without))
  const sum = family(pid).reduce((total, member) => total + (others.has(member) ? 0 : (pssMb(member) ?? 0)), 0)
  return Math.round(sum * 10) / 10
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined // ended meanwhile
  }
}

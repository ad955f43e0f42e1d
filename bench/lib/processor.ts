import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const perTick = 10

/** Processor time (user and system) that a process has taken, ms; undefined where /proc does not tell. */
function processorMs(pid: number, withReaped = false): number | undefined {
  try {
    // the name in brackets may hold spaces
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const ticks = (withReaped ? [11, 12, 13, 14] : [11, 12]).map((at) => Number(fields[at]))
    return ticks.reduce((sum, one) => sum + one, 0) * perTick
  } catch {
    return undefined
  }
}

/** The same of the database in this folder with all its processes. */
function databaseMs(folder: string): number | undefined {
  try {
    const main = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
    const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === main)
    return children.reduce((sum, pid) => sum + (processorMs(Number(pid)) ?? 0), processorMs(main, true) ?? 0)
  } catch {
    return undefined
  }
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
  } catch {
    return undefined
  }
}

export interface ProcessorUse {
  readonly server: number | undefined
  readonly database: number | undefined
}

export function processorUse(serverPid: number, folder: string): ProcessorUse {
  return { server: processorMs(serverPid), database: databaseMs(folder) }
}

/** What it took between two looks for a thousand of something, ms of processor time; null where it is not told. */
export function perThousand(before: ProcessorUse, after: ProcessorUse, count: number): Record<string, number | null> {
  const of = (from: number | undefined, until: number | undefined) =>
    from === undefined || until === undefined ? null : Math.round(((until - from) / count) * 10_000) / 10
  return {
    server_ms_per_1000: of(before.server, after.server),
    database_ms_per_1000: of(before.database, after.database),
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'

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

export interface Use {
  readonly serverMs: number | undefined
  readonly databaseMs: number | undefined
  /** Bytes of the write-ahead log, pages that it holds whole, and checkpoints. */
  readonly wal: number
  readonly pages: number
  readonly checkpoints: number
}

/** What the server and the database have taken so far. */
export async function useOf(serverPid: number, folder: string, pool: pg.Pool): Promise<Use> {
  const { rows } = await pool.query<Pick<Use, 'wal' | 'pages' | 'checkpoints'>>(
    `select wal_bytes::float8 as wal, wal_fpi::float8 as pages,
       (select (num_timed + num_requested)::float8 from pg_stat_checkpointer) as checkpoints from pg_stat_wal`,
  )
  const { wal, pages, checkpoints } = rows[0] ?? { wal: 0, pages: 0, checkpoints: 0 }
  return { serverMs: processorMs(serverPid), databaseMs: databaseMs(folder), wal, pages, checkpoints }
}

/** What it took between two looks for a thousand of something; processor time is null where it is not told. */
export function perThousand(before: Use, after: Use, count: number): Record<string, number | null> {
  const of = (from: number | undefined, until: number | undefined) =>
    from === undefined || until === undefined ? null : Math.round(((until - from) / count) * 10_000) / 10
  return {
    server_ms_per_1000: of(before.serverMs, after.serverMs),
    database_ms_per_1000: of(before.databaseMs, after.databaseMs),
    log_kb_per_1000: of(before.wal / 1024, after.wal / 1024),
    log_pages_per_1000: of(before.pages, after.pages),
    checkpoints: after.checkpoints - before.checkpoints,
  }
}

import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { EmbeddedPostgresError } from './failure.ts'
import { isAlive, startedAt } from './processes.ts'

const Owner = z.object({ pid: z.number(), started: z.string().optional() })

/**
 * One server a data folder: the file names the process that owns the database there. A file whose process is gone
 * (killed, or the machine went down) is taken over. Returns what gives the folder back.
 */
export function ownFolder(dataDir: string): () => void {
  const file = join(dataDir, 'server.lock')
  const aside = `${file}.${process.pid}`
  writeFileSync(aside, JSON.stringify({ pid: process.pid, started: startedAt(process.pid) }), { mode: 0o600 })
  try {
    for (;;) {
      try {
        linkSync(aside, file) // fails when it exists: exactly one of two that start together gets it
        return () => rmSync(file, { force: true })
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
        const owner = ownerOf(file)
        if (owner !== undefined) throw folderInUse(dataDir, owner)
        rmSync(file, { force: true })
      }
    }
  } finally {
    rmSync(aside, { force: true })
  }
}

/** The live process that owns the folder, if there is one. */
function ownerOf(file: string): number | undefined {
  const owner = Owner.safeParse(parse(file))
  if (!owner.success) return undefined
  const { pid, started } = owner.data
  if (pid === process.pid && started === startedAt(pid)) return pid
  return isAlive(pid) && startedAt(pid) === started ? pid : undefined
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // half written by a crash, or just removed by its owner: nobody's
  }
}

function folderInUse(dataDir: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'folder_in_use',
    `Another server (process ${pid}) is using the data folder ${dataDir}. Stop it, give this one its own folder with DATA_DIR, or let both share a database with DATABASE_URL.`,
    `另一个服务（进程 ${pid}）正在使用数据目录 ${dataDir}。请先停止它，或用 DATA_DIR 为本服务指定其他目录；要共用数据库请设置 DATABASE_URL。`,
  )
}

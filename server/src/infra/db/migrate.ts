import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { locks } from './locks.ts'
import { statementsOf } from './statements.ts'

export const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url))

export interface MigrationResult {
  readonly applied: readonly string[]
  readonly current: string
}

/** A migration that landed was edited, or the database is newer than this program. */
export class MigrationError extends Error {}

/** Applies the numbered SQL files that the database does not have yet, each in a transaction, one process at a time. */
export async function migrate(pool: pg.Pool, dir: string = migrationsDir): Promise<MigrationResult> {
  const files = inOrder(await readdir(dir))
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1, 1)', [locks.installation])
    await client.query(`create table if not exists migrations
      (name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
    const known = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from migrations order by name',
    )
    const checksums = new Map(known.rows.map((row) => [row.name, row.checksum]))
    for (const name of checksums.keys()) {
      if (!files.includes(name)) {
        throw new MigrationError(
          `数据库比程序新 The database has migration ${name}, which this version does not know. 请使用更新的版本 Use a newer version.`,
        )
      }
    }
    const distributed = await client.query(`select from pg_extension where extname = 'citus'`)
    const applied: string[] = []
    for (const name of files) {
      const text = await readFile(join(dir, name), 'utf8')
      const checksum = createHash('sha256').update(text).digest('hex')
      const before = checksums.get(name)
      if (before === checksum) continue
      if (before !== undefined)
        throw new MigrationError(`Migration ${name} was edited after it was applied; add a new one instead.`)
      // Citus takes one definition at a time
      await applyOne(client, name, distributed.rowCount === 0 ? [text] : statementsOf(text), checksum)
      applied.push(name)
    }
    return { applied, current: files.at(-1) ?? 'none' }
  } finally {
    await client.query('select pg_advisory_unlock_all()').catch(() => undefined)
    client.release()
  }
}

/** Their order is that of their numbers, so a number stands once. */
function inOrder(found: readonly string[]): string[] {
  const files = found.filter((name) => name.endsWith('.sql')).sort()
  for (const [at, name] of files.entries()) {
    if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(name))
      throw new MigrationError(`Migration ${name} is not named as NNNN_what_it_brings.sql.`)
    const next = files[at + 1]
    if (next?.slice(0, 4) === name.slice(0, 4))
      throw new MigrationError(`Migrations ${name} and ${next} have the same number; give the newer one the next free.`)
  }
  return files
}

async function applyOne(
  client: pg.PoolClient,
  name: string,
  texts: readonly string[],
  checksum: string,
): Promise<void> {
  try {
    await client.query('begin')
    for (const text of texts) await client.query(text)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new MigrationError(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

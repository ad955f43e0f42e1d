import { keepBuyers } from '../../server/src/domains/audiences/index.ts'
import { type OpenDatabase, openDatabase } from '../../server/src/infra/db/database.ts'
import { migrate } from '../../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/infra/postgres/index.ts'
import type { BenchContext } from './bench.ts'
import { generateWorld, type World } from './world-generator.ts'

const quiet = { info: () => undefined, warn: () => undefined }

export interface WorldDatabase extends OpenDatabase {
  readonly url: string
  /** How long the world took to write; null when a kept folder held it already. */
  readonly generatedSeconds: number | null
  readonly megabytes: number
}

/** A database with the world of one corp in the bench's folder. A folder that was kept is only asked what it holds. */
export async function openWorld(context: BenchContext, corpId: number, world: World): Promise<WorldDatabase> {
  const database = await openEmpty(context)
  const { url, close } = database
  try {
    const generatedSeconds = await fillOnce(database, url, corpId, world, context.say)
    const { rows } = await database.pool.query<{ mb: number }>(
      "select round(sum(pg_total_relation_size(oid)) / 1048576)::int as mb from pg_class where relname ~ '^audience_' and relkind = 'r'",
    )
    return { ...database, generatedSeconds, megabytes: rows[0]?.mb ?? 0 }
  } catch (error) {
    await close()
    throw error
  }
}

/** A migrated database in the bench's folder, with what an earlier run left there. */
export async function openEmpty({ folder }: BenchContext): Promise<OpenDatabase & { readonly url: string }> {
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
  const database = openDatabase(postgres.url)
  const close = async () => {
    await database.close()
    await postgres.stop()
  }
  try {
    await migrate(database.pool)
    return { ...database, url: postgres.url, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function fillOnce(
  { db, pool }: OpenDatabase,
  url: string,
  corpId: number,
  world: World,
  say: (text: string) => void,
) {
  await pool.query('create table if not exists bench_world (world text)')
  const { rows } = await pool.query<{ world: string }>('select world from bench_world')
  const wanted = JSON.stringify(world)
  if (rows[0]?.world === wanted) return null
  if (rows[0]) throw new Error(`The kept folder holds another world: ${rows[0].world}`)
  const began = performance.now()
  await pool.query('insert into audience_corps (corp_id, next_no) values ($1, $2)', [corpId, world.persons])
  await generateWorld(url, corpId, world, say)
  await keepBuyers(db, corpId)
  await pool.query('vacuum analyze audience_buyers')
  await pool.query('insert into bench_world values ($1)', [wanted])
  say('buyers kept')
  return Math.round((performance.now() - began) / 100) / 10
}

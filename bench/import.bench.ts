import { randomBytes, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { saveCorp } from '../server/src/domains/organisation/index.ts'
import { type OpenDatabase, openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import { createVault } from '../server/src/infra/secrets/vault.ts'
import type { Bench } from './lib/bench.ts'
import { pssMb } from './lib/memory.ts'
import { freePort, startServerProcess } from './lib/processes.ts'
import { perThousand, useOf } from './lib/processor.ts'

const minutesAllowed = 3
const megabytesAllowed = 400
const quiet = { info: () => undefined, warn: () => undefined }

/** Customers of a CSV file: member number, name, phone typed by hand. The floor is the bare COPY of the same lines. */
export const bench: Bench = {
  name: 'import',
  describe: '1,000,000 customers from a CSV file: ≤ 3 minutes, ≤ 400 MB in the server; the bare COPY beside',
  async run({ folder, say, option }) {
    const rows = option('rows', 1_000_000)
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
    const database = openDatabase(postgres.url)
    const key = randomBytes(32).toString('hex')
    await migrate(database.pool)
    const corp = await saveCorp(database.db, { corpid: 'wwbench0000000000001', name: 'Bench' }, new Date())
    const id = randomUUID()
    const file = join(folder, 'imports', id)
    await mkdir(join(folder, 'imports'), { recursive: true })
    await pipeline(Readable.from(linesOf(rows)), createWriteStream(file))
    await register(database, { id, corpId: corp.id, key, size: (await stat(file)).size, rows })
    const port = await freePort()
    const server = await startServerProcess(port, {
      ...{ SANDBOX: 'off', DATABASE_URL: postgres.url, DATA_DIR: folder, NUANYU_KEY: key },
    })
    try {
      const idle = pssMb(server.pid) ?? 0
      const before = await useOf(server.pid, folder, database.pool)
      let peak = idle
      for (let told = 0; ; ) {
        const { state, position } = await standingOf(database, id)
        peak = Math.max(peak, pssMb(server.pid) ?? 0)
        if (position >= told + rows / 10) say(`${position} rows, ${Math.round(peak)} MB`)
        told = Math.max(told, position - (position % (rows / 10)))
        if (state !== 'running') break
        await sleep(200)
      }
      const used = perThousand(before, await useOf(server.pid, folder, database.pool), rows)
      const done = await standingOf(database, id)
      const minutes = done.seconds / 60
      const floor = await bareCopy(database, rows)
      const scaled = (minutes * 1_000_000) / rows
      return {
        ok: done.state === 'done' && done.people === rows && scaled <= minutesAllowed && peak <= megabytesAllowed,
        config: { rows, columns: 3 },
        figures: {
          ...{ minutes: round(minutes), minutes_a_million: round(scaled), rows_per_s: Math.round(rows / done.seconds) },
          ...{ peak_mb: Math.round(peak), idle_mb: Math.round(idle), lost: rows - done.people },
          ...used,
          floor_copy_s: round(floor),
        },
      }
    } finally {
      await server.stop()
      await database.close()
      await postgres.stop()
    }
  },
}

const round = (value: number) => Math.round(value * 100) / 100
const lineOf = (n: number) => `M${String(n).padStart(8, '0')},客户${n},13${String(100_000_000 + n).padStart(9, '0')}\n`

function* linesOf(rows: number) {
  yield '会员号,姓名,手机号\n'
  for (let n = 0; n < rows; n += 1_000)
    yield Array.from({ length: Math.min(1_000, rows - n) }, (_, at) => lineOf(n + at)).join('')
}

/** The import as it stands when a person has tried it and says "import". */
async function register(
  { pool }: OpenDatabase,
  { id, corpId, key, size, rows }: { id: string; corpId: number; key: string; size: number; rows: number },
): Promise<void> {
  const look = { format: 'csv', encoding: 'utf-8', separator: ',', headers: ['会员号', '姓名', '手机号'], samples: [] }
  const sealed = createVault(key).seal(JSON.stringify(look)).toString('base64')
  const operation = randomUUID()
  await pool.query(
    `insert into imports (id, corp_id, kind, file_name, size, received, look, mapping, state, operation_id, created_at)
     values ($1, $2, 'customers', 'bench.csv', $3, $3, $4, '["member_no", "name", "phone_typed"]', 'running', $5, now())`,
    [id, corpId, size, JSON.stringify({ sealed }), operation],
  )
  await pool.query(
    `insert into operations (id, corp_id, kind, state, input, started_by, created_at)
     values ($1, $2, 'tables.import', 'waiting', $3, 'bench', now())`,
    [operation, corpId, JSON.stringify({ importId: id, total: rows })],
  )
}

async function standingOf({ pool }: OpenDatabase, id: string) {
  const { rows } = await pool.query<{ state: string; position: number; seconds: number; people: number }>(
    `select case when o.state = 'failed' then 'failed' else i.state end as state, i.position,
       extract(epoch from coalesce(o.finished_at, now()) - o.started_at)::float8 as seconds,
       case when i.state = 'done' then (select count(*)::int from imported_customers) else 0 end as people
     from imports i join operations o on o.id = i.operation_id where i.id = $1`,
    [id],
  )
  const [row] = rows
  if (row === undefined) throw new Error('the import is gone')
  return row
}

/** The same lines into a table without keys: seconds. */
async function bareCopy({ pool }: OpenDatabase, rows: number): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('create table floor_people (member_no text, name text, phone text)')
    const started = performance.now()
    const into = client.query(copyFrom('copy floor_people from stdin with (format csv, header)'))
    await pipeline(Readable.from(linesOf(rows)), into)
    return (performance.now() - started) / 1000
  } finally {
    client.release()
  }
}

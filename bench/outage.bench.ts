import { openDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { ask, type BenchBrand, makeCodes, oracle, settle, startBrand } from './lib/brand.ts'

interface Adds {
  readonly total: number
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (number | string)[])[]
}

/** `peak-1111`; the server is killed for 10 s in the middle, then again with its PostgreSQL. */
export const bench: Bench = {
  name: 'outage',
  describe:
    'peak-1111 with the server killed for 10 s, and again with its PostgreSQL: nobody greeted twice, nobody forgotten',
  async run({ folder, say, option }) {
    const config = { durationS: option('seconds', 120), delayMs: 100, downS: 10, staff: 200, people: 1_000 }
    const alone = await outage(`${folder}/alone`, config, false, say)
    const both = await outage(`${folder}/both`, config, true, say)
    const figures = {
      duplicates: alone.duplicates + both.duplicates,
      unaccounted: alone.unaccounted + both.unaccounted,
      recovered_s: alone.recoveredS,
      recovered_both_s: both.recoveredS,
      adds: alone.adds + both.adds,
      welcomed: alone.welcomed + both.welcomed,
      tasks: alone.tasks + both.tasks,
      found: alone.found + both.found,
      lost_at_the_platform: alone.lost + both.lost,
    }
    const ok =
      figures.duplicates === 0 &&
      figures.unaccounted === 0 &&
      figures.recovered_s <= 5 &&
      figures.recovered_both_s <= 10
    return { ok, config, figures }
  },
}

interface Settings {
  readonly durationS: number
  readonly delayMs: number
  readonly downS: number
  readonly staff: number
  readonly people: number
}

async function outage(folder: string, config: Settings, withPostgres: boolean, say: (text: string) => void) {
  const brand = await startBrand(folder, { staff: config.staff, people: config.people, embedded: withPostgres })
  try {
    await makeCodes(brand, config.staff)
    await ask(`${brand.sandboxUrl}/sandbox/settings`, { platform: { delayMs: config.delayMs } }, 'PATCH')
    await ask(`${brand.sandboxUrl}/sandbox/oracle/reset`, {})
    await ask(`${brand.sandboxUrl}/sandbox/scenarios/peak-1111/start`, { durationS: config.durationS })
    await pause((config.durationS / 2 - config.downS / 2) * 1000)
    say(withPostgres ? 'killing the server and PostgreSQL' : 'killing the server')
    const { pid } = brand.database()
    await brand.server.kill()
    if (withPostgres) process.kill(pid, 'SIGKILL')
    await pause(config.downS * 1000)
    const before = (await oracle(brand)).welcomes.sent
    const started = performance.now()
    const starting = brand.startServer()
    const recoveredS = await firstWelcome(brand, before, started)
    brand.server = await starting
    say(`first welcome ${recoveredS} s after the process was started`)
    await pause(Math.max(0, (config.durationS / 2 - config.downS / 2) * 1000 - (performance.now() - started)))
    await settle(brand)
    return { recoveredS, ...(await account(brand, say)) }
  } finally {
    await brand.stop()
  }
}

async function firstWelcome(brand: BenchBrand, before: number, started: number): Promise<number> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if ((await oracle(brand)).welcomes.sent > before) return Math.round((performance.now() - started) / 100) / 10
    await pause(50)
  }
  return Number.POSITIVE_INFINITY
}

/** Who of all that added was welcomed, became a task, was found by reconcile, or is forgotten. */
async function account(brand: BenchBrand, say: (text: string) => void) {
  const database = openDatabase(brand.database().url, { max: 2 })
  try {
    await reconcile(database, say)
    const { welcomes, callbacks } = await oracle(brand)
    const tasks = await idsOf(
      database,
      `select i.value as id from staff_tasks t join identities i on i.customer_id = t.customer_id and i.kind = 'external_userid' where t.kind = 'welcome'`,
    )
    const known = await idsOf(database, 'select external_userid as id from relations')
    let adds = 0
    let unaccounted = 0
    let found = 0
    for (let after = 0; ; ) {
      const page = await ask<Adds>(`${brand.sandboxUrl}/sandbox/oracle/adds?after=${after}&limit=5000`)
      const at = (name: string) => page.columns.indexOf(name)
      for (const row of page.rows) {
        adds += 1
        after = Number(row[at('add')])
        const id = String(row[at('externalUserId')])
        if (Number(row[at('welcomes')]) > 0 || tasks.has(id)) continue
        // what was acknowledged is ours to greet or to hand to a person; only the unheard may be left to reconcile
        if (known.has(id) && Number(row[at('firstAckMs')]) < 0) found += 1
        else unaccounted += 1
      }
      if (page.rows.length === 0) break
    }
    return {
      adds,
      unaccounted,
      found,
      tasks: tasks.size,
      welcomed: welcomes.sent,
      duplicates: welcomes.duplicates,
      lost: callbacks.lost,
    }
  } finally {
    await database.close()
  }
}

async function reconcile(database: ReturnType<typeof openDatabase>, say: (text: string) => void): Promise<void> {
  const made = await database.pool.query<{ id: string }>(
    `insert into operations (id, corp_id, kind, state, started_by, created_at)
     select gen_random_uuid(), id, 'sync.reconcile', 'waiting', 'bench', now() from corps limit 1 returning id`,
  )
  for (let tries = 0; tries < 1_200; tries += 1) {
    const { rows } = await database.pool.query<{ state: string; error: string | null }>(
      'select state, error from operations where id = $1',
      [made.rows[0]?.id],
    )
    const state = rows[0]?.state
    if (state === 'done') return
    if (state === 'failed' || state === 'cancelled') throw new Error(`reconcile ${state}: ${rows[0]?.error}`)
    if (tries % 100 === 0) say('waiting for reconcile')
    await pause(100)
  }
  throw new Error('reconcile did not end within two minutes')
}

async function idsOf(database: ReturnType<typeof openDatabase>, query: string): Promise<Set<string>> {
  return new Set((await database.pool.query<{ id: string }>(query)).rows.map((row) => row.id))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

import { foldChanges, refreshValues } from '../../server/src/domains/audiences/index.ts'
import { computeStages } from '../../server/src/domains/customers/index.ts'
import type { OpenDatabase } from '../../server/src/infra/db/database.ts'

const part = 'values and stages'
/** What a server begins by itself for a corp that it has not read yet. */
const nights = ['audiences.reconcile', 'customers.life_cycle']

/**
 * Leaves the world as a night leaves it: everybody has his scores, tier and stage, so that an order moves them; and the next
 * night is a day away. A walk over everybody would else begin with the server, and mend what the generated audiences have
 * without sources.
 */
export async function settle({ db, pool }: OpenDatabase, corpId: number, at: Date, say: (text: string) => void) {
  const { rowCount } = await pool.query('select from bench_facts where part = $1', [part])
  if (!rowCount) {
    // the generated stages and tiers are names that no rule knows
    await pool.query("delete from audience_bits where corp_id = $1 and (key like 'stage:%' or key like 'tier:%')", [
      corpId,
    ])
    await foldChanges(db, corpId)
    await refreshValues(db, corpId, at, 'bench')
    await computeStages(db, corpId, at, 'time', 'bench')
    await pool.query('insert into bench_facts values ($1)', [part])
    await pool.query('vacuum analyze')
    say(`${part} computed`)
  }
  await pool.query(
    `insert into audience_settings (corp_id, reconciled_at) values ($1, now()) on conflict (corp_id) do update set reconciled_at = now()`,
    [corpId],
  )
  await pool.query(
    `insert into due (corp_id, at, kind, key) select $1::int, now() + interval '1 day', kind, $1::int::text from unnest($2::text[]) kind
     on conflict (kind, key) do update set at = excluded.at`,
    [corpId, nights],
  )
}

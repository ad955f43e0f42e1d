import { foldChanges, refreshValues } from '../../server/src/domains/audiences/index.ts'
import { computeStages } from '../../server/src/domains/customers/index.ts'
import type { OpenDatabase } from '../../server/src/infra/db/database.ts'

/** What a server begins by itself for a corp that it has not read yet. */
const nights = ['audiences.reconcile', 'customers.life_cycle']

/**
 * Leaves the world as a night leaves it: everybody has his scores, tier and stage, so that an order moves them; and the next
 * night is a day away. A walk over everybody would else begin with the server, and mend what the generated audiences have
 * without sources.
 */
export async function settle({ db, pool }: OpenDatabase, corpId: number, at: Date, say: (text: string) => void) {
  const { rows } = await pool.query<{ part: string }>('select part from bench_facts')
  const done = new Set(rows.map(({ part }) => part))
  for (const [part, work] of [
    ['folded', () => foldChanges(db, corpId)],
    // the generated stages and tiers are names that no rule knows
    ['cleared', () => pool.query("delete from audience_bits where corp_id = $1 and key ~ '^(stage|tier):'", [corpId])],
    ['values', () => refreshValues(db, corpId, at, 'bench')],
    ['values analysed', () => pool.query('vacuum analyze rfm_people, audience_bits')],
    ['stages', () => computeStages(db, corpId, at, 'time', 'bench')],
    ['stages analysed', () => pool.query('vacuum analyze stage_stays, audience_bits, audience_changes')],
  ] as const) {
    if (done.has(part)) continue
    await work()
    await pool.query('insert into bench_facts values ($1)', [part])
    say(part)
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

import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { bitsOf, readsOf } from './bits.ts'

/** Fewer are read as they are. */
const many = 16

/**
 * Of the marks that a rule reads those that nobody has. Of the 32 digits of an age all but eight are the same for everybody:
 * most of a bound falls away.
 */
export async function absentMarks(
  on: Executor,
  corpId: number,
  rule: Rule,
  today: number,
): Promise<ReadonlySet<string>> {
  const { keys } = readsOf(bitsOf(rule, today))
  if (keys.length < many) return new Set()
  const { rows } = await sql<{ key: string }>`select key from unnest(${[...keys]}::text[]) asked(key)
    where not exists (select from audience_bits b where b.corp_id = ${corpId} and b.key = asked.key)
      and not exists (select from audience_changes c where c.corp_id = ${corpId} and c.key = asked.key)`.execute(on)
  return new Set(rows.map((row) => row.key))
}

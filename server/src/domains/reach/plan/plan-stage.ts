import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Database } from '../../../infra/db/database.ts'
import { type Change, noteChanges } from '../../audiences/index.ts'
import { campaignSpec } from '../campaigns/campaign.schema.ts'

interface PersonGiven {
  readonly id: number
  readonly marks?: readonly string[]
  /** Who has him as a contact, the latest last. */
  readonly senders?: readonly string[]
  readonly mergedInto?: number | undefined
}

const addedFrom = Date.parse('2026-01-01T00:00:00Z')
/** When the members of a person were added, by their places. */
export const addedAt = (place: number) => new Date(addedFrom + place * 1_000)

/** A small brand: members who may send, and people with relations and tags. */
export async function smallBrand(
  db: Database,
  corpId: number,
  senders: readonly string[],
  people: readonly PersonGiven[],
) {
  for (const userid of senders)
    await sql`insert into staff (corp_id, userid, name, follows, status, first_seen_at, seen_at)
      values (${corpId}, ${userid}, ${userid}, true, 1, now(), now())`.execute(db)
  for (const { id, senders: own = [], mergedInto } of people) {
    await sql`insert into customers (id, corp_id, name, merged_into, created_at)
      values (${id}, ${corpId}, ${`客户${id}`}, ${mergedInto ?? null}, now())`.execute(db)
    for (const [place, userid] of own.entries())
      await sql`insert into relations (customer_id, corp_id, userid, external_userid, added_at)
        values (${id}, ${corpId}, ${userid}, ${`wm${id}`}, ${addedAt(place)})`.execute(db)
  }
  const changes = people
    .filter(({ mergedInto }) => mergedInto === undefined)
    .flatMap(({ id, marks = [] }): Change[] => [
      { customerId: id, kind: 'person', present: true },
      ...marks.map((key): Change => ({ customerId: id, kind: 'mark', key, present: true })),
    ])
  await db.transaction().execute((tx) => noteChanges(tx, corpId, changes))
}

/** A campaign with a run that is to be planned. */
export async function aRun(
  db: Database,
  corpId: number,
  spec: Readonly<Record<string, unknown>>,
  { at, rehearsal = false }: { readonly at: Date; readonly rehearsal?: boolean },
): Promise<{ readonly campaignId: string; readonly runId: number }> {
  const campaignId = uuid()
  const whole = campaignSpec.parse({
    ...{ goal: null, whom: { rule: { all: [] } }, schedule: { kind: 'now' }, window: null, holdout_permille: 0 },
    variants: [{ name: 'A', content: { text: '你好' }, for: null, share: 1 }],
    ...spec,
  })
  await sql`insert into campaigns (id, corp_id, name, state, created_at, changed_at)
    values (${campaignId}, ${corpId}, '周年庆', 'live', ${at}, ${at})`.execute(db)
  await sql`insert into campaign_versions (campaign_id, version, spec, changed_at)
    values (${campaignId}, 1, ${JSON.stringify(whole)}::jsonb, ${at})`.execute(db)
  const { rows } = await sql<{ id: number }>`
    insert into campaign_runs (corp_id, campaign_id, version, rehearsal, planned_for, created_at)
    values (${corpId}, ${campaignId}, 1, ${rehearsal}, ${at}, ${at}) returning id`.execute(db)
  return { campaignId, runId: rows[0]?.id ?? 0 }
}

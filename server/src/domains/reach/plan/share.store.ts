import { type RawBuilder, sql } from 'kysely'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { ownedSince, senderOrder } from '../../customers/index.ts'
import { fateNumber, senderReasons } from '../campaigns/recipient.ts'
import { impersonal } from '../preferences/preferences.store.ts'
import { loadsOf } from '../run/recipients.store.ts'
import { type DraftTables, type PlanInput, partSql, variantSql, workMemory } from './draft.store.ts'

const n = (value: number) => sql.raw(String(value))
type Sql = RawBuilder<unknown>
const [sentTo, noSender] = [n(fateNumber('sent_to')), n(fateNumber('no_sender'))]
const full = n(senderReasons.indexOf('sender_full'))

/** After so many looks whoever is still left over stays so: a look places many at once, and needs the one before. */
const looks = 8

/** Those who are shared out: rows of `customer_id`, `bucket`, `fate`, `reason`, `sender`, `external_userid`, `variant`. */
interface Sharing {
  readonly table: string
  /** How many customers members have beside (sender, persons); null: none. */
  readonly beside: Sql | null
  /** Whom somebody has too many of, `d` their row: `customer_id`, `bucket`, and what `variant` reads, over `p` and `c`. */
  readonly over: Sql
  readonly variant: Sql
}

/**
 * No member has more customers than the campaign allows. Whom he has too many of, by bucket, is offered to the next who has him as
 * a contact and has room; who finds nobody is told so.
 */
export async function shareOut(db: Database, tables: DraftTables, input: PlanInput): Promise<void> {
  const { corpId, spec } = input
  const over = sql`
    select d.customer_id, d.bucket, 0 as hits, case when refused.person is null then ${partSql(spec)} end as part
    from ${sql.table(tables.drawn)} d join ${sql.table(tables.members)} m on m.customer_id = d.customer_id
    left join (${impersonal(corpId)}) refused on refused.person = d.customer_id`
  await db.transaction().execute(async (tx) => {
    await sql`set local work_mem = ${sql.lit(workMemory)}`.execute(tx)
    await share(tx, tables, input, { table: tables.drawn, beside: null, over, variant: variantSql(spec) })
  })
}

/** The same of those who are held no longer, `released`: each keeps his variant, and what members have of the run counts. */
export async function shareReleased(
  tx: Tx,
  tables: Pick<DraftTables, 'senders'>,
  input: Pick<PlanInput, 'runId' | 'corpId' | 'spec'>,
): Promise<void> {
  await share(tx, tables, input, {
    table: 'released',
    beside: loadsOf(input.runId),
    over: sql`select d.customer_id, d.bucket, d.variant from released d`,
    variant: sql`p.variant`,
  })
}

async function share(
  tx: Tx,
  tables: Pick<DraftTables, 'senders'>,
  { spec, corpId }: Pick<PlanInput, 'spec' | 'corpId'>,
  sharing: Sharing,
): Promise<void> {
  const { most } = spec.senders
  if (most === null) return
  const { numAffectedRows } = await sql`
    update ${sql.table(sharing.table)} d set fate = ${noSender}, reason = ${full}, sender = null, external_userid = null from (
      select customer_id, row_number() over (partition by sender order by bucket, customer_id) + coalesce(b.persons, 0) as place
      from ${sql.table(sharing.table)} left join (${besideOf(sharing)}) b using (sender) where fate = ${sentTo}
    ) ranked where d.customer_id = ranked.customer_id and ranked.place > ${most}`.execute(tx)
  let left = Number(numAffectedRows ?? 0n)
  for (let look = 0; look < looks && left > 0; look += 1) {
    const placed = await offerOn(tx, tables, { corpId, most }, sharing)
    left = placed === 0 ? 0 : left - placed
  }
}

const besideOf = ({ beside }: Sharing) => beside ?? sql`select null::text as sender, 0 as persons where false`

async function offerOn(
  on: Executor,
  tables: Pick<DraftTables, 'senders'>,
  { corpId, most }: { readonly corpId: number; readonly most: number },
  sharing: Sharing,
): Promise<number> {
  const { table, over, variant } = sharing
  const { numAffectedRows } = await sql`
    with load as materialized (
      select sender, sum(persons)::int as persons from (
        select sender, count(*) as persons from ${sql.table(table)} where fate = ${sentTo} group by sender
        union all select sender, persons from (${besideOf(sharing)}) b
      ) each_part group by sender
    ), over as materialized (
      ${over} where d.fate = ${noSender} and d.reason = ${full}
    ), home as (
      select customer_id as root, customer_id as id from over
      union all select over.customer_id, c.id from over join customers c on c.merged_into = over.customer_id
    ), able as (
      select p.customer_id as root, p.bucket, r.userid, r.external_userid, ${ownedSince} as owned_at, r.chatted_at, r.added_at,
        coalesce(load.persons, 0) as persons,
        ${variant} as variant
      from over p join home on home.root = p.customer_id
      join relations r on r.customer_id = home.id and r.corp_id = ${corpId} and r.status = 'alive'
      join ${sql.table(tables.senders)} c on c.userid = r.userid and c.trouble is null
      left join load on load.sender = r.userid
      where coalesce(load.persons, 0) < ${most}
    ), choice as (
      select distinct on (root) * from able where variant is not null order by root, ${senderOrder}
    ), placed as (
      select *, persons + row_number() over (partition by userid order by bucket, root) as place from choice
    )
    update ${sql.table(table)} d
    set fate = ${sentTo}, reason = null, sender = placed.userid, external_userid = placed.external_userid, variant = placed.variant
    from placed where d.customer_id = placed.root and placed.place <= ${most}`.execute(on)
  return Number(numAffectedRows ?? 0n)
}

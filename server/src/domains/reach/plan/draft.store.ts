import { type RawBuilder, sql } from 'kysely'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { commitLazily } from '../../../infra/db/database.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { fateNumber, type SenderReason, senderReasons } from '../campaigns/recipient.ts'
import { decisions, type SpentQuota } from '../governor/decide.store.ts'
import type { Policy } from '../governor/policy.schema.ts'
import type { Ask } from '../governor/policy.ts'
import type { QuotaRule } from '../governor/quota.ts'
import { impersonal } from '../preferences/preferences.store.ts'
import { bucketSql } from './bucket.store.ts'
import { drawBounds, heldOutBelow, type Span, setAside } from './plan.ts'
import { chooseSenders } from './senders.store.ts'

/** What a run is planned by; the same for everybody in it. */
export interface PlanInput {
  readonly runId: number
  readonly corpId: number
  readonly rehearsal: boolean
  readonly spec: CampaignSpec
  readonly seed: bigint
  readonly globalSeed: bigint
  readonly globalPermille: number
  readonly policies: readonly Policy[]
  readonly ask: Ask
  readonly zone: string
  /** What counts beside the policies; null: nothing. */
  readonly quota: QuotaRule | null
  /** Whether the governor and the global holdout have a say: of marketing, where somebody can be left out. */
  readonly governed: boolean
  /** Corp tags whose carriers are all reached, at whoever carries them; none: whom the campaign names. */
  readonly tags: readonly string[]
  /** The members who may send; null: all. */
  readonly senderSet: readonly string[] | null
}

/**
 * The tables in which one attempt to plan a run works. Another attempt has others, so a process that was believed dead and is
 * not writes into nothing that counts.
 */
export interface DraftTables {
  readonly members: string
  readonly senders: string
  readonly drawn: string
  readonly cells: string
  readonly spent: string
  /** What becomes the run's partition. */
  readonly rows: string
}

const prefixOf = (runId: number) => `campaign_draft_${runId}_`

export function draftTables(runId: number, attempt: string): DraftTables {
  const named = (part: string) => `${prefixOf(runId)}${attempt}_${part}`
  return {
    ...{ members: named('members'), senders: named('senders'), drawn: named('drawn') },
    ...{ cells: named('cells'), spent: named('spent'), rows: named('rows') },
  }
}

export const partitionOf = (runId: number) => `campaign_recipients_${runId}`

/** Whatever this attempt to plan a run has left, or all attempts. */
export async function dropDrafts(on: Executor, runId: number, attempt = ''): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and starts_with(c.relname, ${`${prefixOf(runId)}${attempt}`})`.execute(
    on,
  )
  for (const { name } of rows) await sql`drop table if exists ${sql.table(name)}`.execute(on)
}

const n = (value: number) => sql.raw(String(value))
type Sql = RawBuilder<unknown>
const reasonNumber = (reason: SenderReason) => n(senderReasons.indexOf(reason))
const fate = (name: Parameters<typeof fateNumber>[0]) => n(fateNumber(name))

/**
 * How the members' numbers are spread, in cells of equal width. Members were written in the order in which people became
 * known, so that an index of a few pages spares each span the look at all of them.
 */
export async function cellsOf(
  on: Executor,
  tables: DraftTables,
): Promise<readonly { from: number; to: number; count: number }[]> {
  await sql`create index on ${sql.table(tables.members)} using brin (customer_id) with (pages_per_range = 16)`.execute(
    on,
  )
  await sql`analyze ${sql.table(tables.members)}`.execute(on)
  const { rows } = await sql<{ from: number; to: number; count: number }>`
    with ends as (select min(customer_id) as low, max(customer_id) as high from ${sql.table(tables.members)}),
    width as (select low, (high - low) / 1024 + 1 as cell from ends)
    select low + cell * at as from, low + cell * (at + 1) - 1 as to, count
    from (select (customer_id - low) / cell as at, count(*) as count from ${sql.table(tables.members)}, width group by 1) c, width
    order by at`.execute(on)
  return rows
}

/** Of what is drawn a row each, as recipients are. A rehearsal's is what is shown later, so it outlives a crash. */
export async function makeDrawn(on: Executor, tables: DraftTables, { runId, rehearsal }: PlanInput): Promise<void> {
  await sql`
    create ${rehearsal ? sql`` : sql`unlogged`} table ${sql.table(tables.drawn)}
      (like campaign_recipients including defaults, check (run_id = ${n(runId)}))`.execute(on)
}

/** Memory for one step of one lane. */
export const workMemory = '32MB'

/** Everything about the members of a span of numbers: who is out, held out, held, dropped, and who would send the rest what. */
export async function drawSpan(db: Database, tables: DraftTables, input: PlanInput, span: Span): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await commitLazily(tx)
    await sql`set local work_mem = ${sql.lit(workMemory)}`.execute(tx)
    // enough to plan by: the tables of a span are all alike
    await sql`set local default_statistics_target = 10`.execute(tx)
    await pool(tx, tables, input, span)
    await chooseSenders(tx, tables, input, span)
    await insertDrawn(tx, tables, input, span)
  })
}

/** Who wants nothing chosen for him by what is known of him is in no part of the audience: he gets what everybody gets. */
async function pool(tx: Tx, tables: DraftTables, input: PlanInput, { from, to }: Span): Promise<void> {
  const customer = sql.ref('customer_id')
  await sql`
    create temporary table pool on commit drop as
    select customer_id, hits, policy, case when refused.person is null then ${partSql(input.spec)} end as part, ${bucketSql(input.seed, customer)} as bucket,
      ${bucketSql(input.globalSeed, customer)} as everywhere
    from ${sql.table(tables.members)} left join (${impersonal(input.corpId)}) refused on refused.person = customer_id
    where customer_id between ${from} and ${to}`.execute(tx)
  await sql`analyze pool`.execute(tx)
  await sql`
    create temporary table governed on commit drop as
    select customer_id, coalesce(policy, ${n(input.policies.findIndex(({ whom }) => whom === null))})::text as class from pool
    where hits = 0 and ${n(input.governed ? 1 : 0)} = 1`.execute(tx)
  await sql`analyze governed`.execute(tx)
}

/** Who has nothing left of what counts beside the policies. */
export function spentOf({ spent }: Pick<DraftTables, 'spent'>, { quota, ask }: PlanInput): SpentQuota | null {
  return quota && { spent, window: quota(ask.at) }
}

async function insertDrawn(tx: Tx, tables: DraftTables, input: PlanInput, span: Span): Promise<void> {
  const { spec, corpId, runId } = input
  const decided = input.governed
    ? sql`left join (${decisions(corpId, input.policies, input.ask, input.zone, spentOf(tables, input), span)}) d on d."customerId" = p.customer_id`
    : sql`left join (select null::bigint as "customerId", null::text as verdict, 0 as bits, null::int as reason, null::int as policy, null::bigint as until) d on false`
  const holdouts = sql`
    when ${n(input.governed ? 1 : 0)} = 1 and everywhere < ${n(heldOutBelow(input.globalPermille))} then ${fate('global_holdout')}
    when bucket < ${n(heldOutBelow(spec.holdout_permille))} then ${fate('holdout')}
    when bucket < ${n(heldOutBelow(setAside(spec)))} then ${fate('elsewhere')}`
  await sql`
    insert into ${sql.table(tables.drawn)}
      (run_id, customer_id, corp_id, fate, reason, hits, policy, held_until, bucket, variant, sender, external_userid)
    select ${n(runId)}, customer_id, ${n(corpId)}, fate,
      case fate when ${fate('excluded')} then ${lowestBit(spec.exclusions.length)}
        when ${fate('held')} then governed when ${fate('dropped')} then governed
        when ${fate('no_sender')} then coalesce(trouble, ${reasonNumber('no_variant')}) end,
      hits | (bits << 16), case when hits = 0 then policy end,
      case when verdict = 'hold' then to_timestamp(until) end,
      bucket, variant, case when trouble is null then userid end, case when trouble is null then external_userid end
    from (
      select *, case when hits <> 0 then ${fate('excluded')} ${holdouts}
        when verdict = 'drop' then ${fate('dropped')} when verdict = 'hold' then ${fate('held')}
        when trouble is not null or variant is null then ${fate('no_sender')} else ${fate('sent_to')} end as fate
      from (
        select p.customer_id, p.hits, p.bucket, p.everywhere, d.policy, d.verdict, coalesce(d.bits, 0) as bits,
          d.reason as governed, d.until, c.userid, c.external_userid,
          case when c.root is null then ${reasonNumber('no_relation')} else c.trouble end as trouble,
          ${variantSql(spec)} as variant
        from pool p ${decided} left join chosen c on c.root = p.customer_id offset 0
      ) known offset 0
    ) fated`.execute(tx)
}

/** The place of the variant for somebody's part of the audience: the marking knows parts by their order among themselves. */
export function partSql({ variants }: CampaignSpec): Sql {
  const parts = variants.flatMap((one, place) => (one.for !== null && 'audience' in one.for ? [place] : []))
  if (parts.length === 0) return sql`null::int`
  return sql`case part ${sql.join(
    parts.map((place, at) => sql`when ${n(at)} then ${n(place)}`),
    sql` `,
  )} end`
}

/** `variantOf` over `p` (a person) and `c` (who sends to him). Nobody who is excluded has one. */
export function variantSql(spec: CampaignSpec): Sql {
  const aside = setAside(spec)
  const drawn = drawBounds(spec.variants, aside).map(
    ({ variant, below }) => sql`when p.bucket < ${n(below)} then ${n(variant)}`,
  )
  const chance =
    drawn.length === 0
      ? sql`null`
      : sql`case when p.bucket < ${n(heldOutBelow(aside))} then null ${sql.join(drawn, sql` `)} end`
  return sql`case when p.hits = 0 then coalesce(least(p.part, c.for_store), ${chance}) end`
}

function lowestBit(rules: number): Sql {
  if (rules === 0) return sql`null`
  return sql`case ${sql.join(
    Array.from({ length: rules }, (_, at) => sql`when hits & ${n(2 ** at)} <> 0 then ${n(at)}`),
    sql` `,
  )} end`
}

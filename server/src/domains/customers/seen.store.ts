import { sql } from 'kysely'
import type { Tx } from '../../infra/db/database.ts'
import { appendEvents } from '../../infra/events/events.store.ts'
import { factKey } from '../intake/index.ts'
import { arrayLiteral, refreshCards, writeCards } from './cards.store.ts'
import { firstCards } from './cards.ts'
import { pinyinOf } from './name-pinyin.ts'
import { meetCustomers } from './newcomers.store.ts'
import { type Judgement, judge, type KnownRelation, type SeenRelation } from './seen.ts'

export interface SeenContext {
  readonly corpId: number
  readonly at: Date
  readonly cause: string
  readonly baseline: Date
  /** Adds later than this may still be called back. */
  readonly youngAfter: Date
  /** Of a sync: when it began; relations it does not meet are compared with it. */
  readonly syncedAt?: Date
  /** Adds nobody told of become events; otherwise they are left to the reconcile. */
  readonly findMissed: boolean
  /** The operation that differences are noted under. */
  readonly operationId?: string
}

export interface SeenOutcome {
  readonly counts: Readonly<Record<Judgement, number>>
  /** Not written: their callbacks may be on their way. */
  readonly young: readonly SeenRelation[]
}

interface Placed extends SeenRelation {
  readonly customerId: number
  readonly judgement: Judgement
}

/** Writes what the platform shows of relations: people, registers that only move forward, remarks, tags, search rows. */
export async function applySeen(tx: Tx, seen: readonly SeenRelation[], context: SeenContext): Promise<SeenOutcome> {
  const { placed, fresh } = await place(tx, seen, context)
  const counts = { known: 0, found: 0, ended: 0, young: 0, old: 0 }
  for (const one of placed) counts[one.judgement] += 1
  const written = placed.filter(
    ({ judgement }) => judgement !== 'young' && (judgement !== 'found' || context.findMissed),
  )
  await updateCustomers(
    tx,
    written.filter(({ customerId }) => !fresh.has(customerId)),
    context.at,
  )
  await upsertSeen(tx, written, context)
  const found = context.findMissed ? placed.filter(({ judgement }) => judgement === 'found') : []
  await tellFound(tx, found, context)
  // of somebody met for the first time everything is in hand, but the channel of a `state`
  const inHand = new Set(fresh)
  for (const one of written) if (one.state !== undefined) inHand.delete(one.customerId)
  const first = written.filter(({ customerId }) => inHand.has(customerId))
  await writeCards(tx, firstCards(first, context.corpId, await pinyinOf(first.map(({ name }) => name))))
  await refreshCards(
    tx,
    written.map(({ customerId }) => customerId).filter((id) => !inHand.has(id)),
  )
  return { counts, young: placed.filter(({ judgement }) => judgement === 'young') }
}

async function place(
  tx: Tx,
  seen: readonly SeenRelation[],
  context: SeenContext,
): Promise<{ placed: Placed[]; fresh: ReadonlySet<number> }> {
  const { corpId } = context
  const { ids, fresh } = await meetCustomers(tx, corpId, seen, context.at)
  // the same relation twice in one chunk: the later reading
  const unique = new Map<string, SeenRelation & { customerId: number }>()
  for (const one of seen) {
    const customerId = ids.get(one.externalUserid)
    if (customerId === undefined) throw new Error(`no customer for ${one.externalUserid}`)
    unique.set(`${customerId} ${one.userid}`, { ...one, customerId })
  }
  const rows = [...unique.values()].sort((a, b) => a.customerId - b.customerId || (a.userid < b.userid ? -1 : 1))
  const known = await knownRelations(
    tx,
    corpId,
    rows.filter((one) => !fresh.has(one.customerId)),
  )
  const placed = rows.map((one) => ({
    ...one,
    judgement: judge(one.createdAt, known.get(`${one.customerId} ${one.userid}`), context),
  }))
  return { placed, fresh }
}

async function knownRelations(
  tx: Tx,
  corpId: number,
  rows: readonly { customerId: number; userid: string }[],
): Promise<ReadonlyMap<string, KnownRelation>> {
  if (rows.length === 0) return new Map()
  const { rows: found } = await sql<{
    customerId: number
    userid: string
    addedAt: Date | null
    endedAt: Date | null
  }>`
    select customer_id as "customerId", userid, added_at as "addedAt", ended_at as "endedAt" from relations
    where customer_id = any(${[...new Set(rows.map((row) => row.customerId))]}::bigint[]) and corp_id = ${corpId}`.execute(
    tx,
  )
  return new Map(
    found.map((row) => [
      `${row.customerId} ${row.userid}`,
      { addedAt: row.addedAt ?? undefined, endedAt: row.endedAt ?? undefined },
    ]),
  )
}

async function updateCustomers(tx: Tx, rows: readonly Placed[], at: Date): Promise<void> {
  if (rows.length === 0) return
  const people = [...new Map(rows.map((row) => [row.customerId, row])).values()]
  const pinyin = await pinyinOf(people.map(({ name }) => name))
  await sql`
    with n as (
      select * from unnest(
        ${people.map((row) => row.customerId)}::bigint[], ${people.map((row) => row.name)}::text[], ${people.map((row) => pinyin(row.name))}::text[],
        ${people.map((row) => row.avatar ?? null)}::text[], ${people.map((row) => row.gender)}::smallint[],
        ${people.map((row) => row.kind)}::smallint[], ${people.map((row) => row.corpName ?? null)}::text[]
      ) as n(id, name, name_pinyin, avatar, gender, kind, corp_name)
    ), mine as (
      select c.id from customers c where c.id = any(${people.map((row) => row.customerId)}::bigint[]) and c.erased_at is null
      order by c.id for update
    )
    update customers c set name = n.name, name_pinyin = n.name_pinyin, avatar = n.avatar, gender = n.gender, kind = n.kind,
      corp_name = n.corp_name, detail_at = ${at}
    from n join mine using (id) where c.id = n.id and c.id = any(${people.map((row) => row.customerId)}::bigint[])`.execute(
    tx,
  )
}

/** An add that we know keeps its time: nothing read later may revive what has ended since. */
async function upsertSeen(tx: Tx, rows: readonly Placed[], context: SeenContext): Promise<void> {
  if (rows.length === 0) return
  const { corpId, syncedAt } = context
  const added = (row: Placed) => (row.judgement === 'known' ? null : row.createdAt.toISOString())
  await sql`
    insert into relations as r (customer_id, corp_id, userid, external_userid, added_at, first_added_at, state, channel_id, source_at,
      add_way, remark, description, remark_corp, tag_ids, personal_tags, detail_at, synced_at)
    select n.customer_id, ${corpId}, n.userid, n.external_userid, n.added_at, n.created_at, n.state, h.id,
      case when n.state is not null then n.created_at end,
      n.add_way, n.remark, n.description, n.remark_corp, n.tag_ids::text[], coalesce(n.personal_tags::text[], '{}'), n.read_at,
      ${syncedAt?.toISOString() ?? null}::timestamptz
    from unnest(
      ${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => row.userid)}::text[], ${rows.map((row) => row.externalUserid)}::text[],
      ${rows.map(added)}::timestamptz[], ${rows.map((row) => row.createdAt.toISOString())}::timestamptz[],
      ${rows.map((row) => row.state ?? null)}::text[], ${rows.map((row) => row.addWay ?? null)}::smallint[],
      ${rows.map((row) => row.remark)}::text[], ${rows.map((row) => row.description)}::text[], ${rows.map((row) => row.remarkCorp ?? null)}::text[],
      ${rows.map((row) => arrayLiteral(row.tagIds))}::text[],
      ${rows.map((row) => (row.personalTags === undefined ? null : arrayLiteral(row.personalTags)))}::text[],
      ${rows.map((row) => row.readAt.toISOString())}::timestamptz[]
    ) as n(customer_id, userid, external_userid, added_at, created_at, state, add_way, remark, description, remark_corp, tag_ids, personal_tags, read_at)
    left join channels h on h.corp_id = ${corpId} and h.state = split_part(n.state, '.', 1)
    order by n.customer_id, n.userid
    on conflict (customer_id, corp_id, userid) do update set
      external_userid = excluded.external_userid,
      added_at = greatest(r.added_at, excluded.added_at),
      first_added_at = least(r.first_added_at, excluded.first_added_at),
      state = case when excluded.source_at > coalesce(r.source_at, '-infinity') then excluded.state else r.state end,
      channel_id = case when excluded.source_at > coalesce(r.source_at, '-infinity') then excluded.channel_id else r.channel_id end,
      source_at = greatest(r.source_at, excluded.source_at),
      add_way = coalesce(excluded.add_way, r.add_way),
      remark = case when ${newer} then excluded.remark else r.remark end,
      description = case when ${newer} then excluded.description else r.description end,
      remark_corp = case when ${newer} then excluded.remark_corp else r.remark_corp end,
      tag_ids = case when ${newer} then excluded.tag_ids else r.tag_ids end,
      personal_tags = case when ${newer} and excluded.personal_tags <> '{}' then excluded.personal_tags else r.personal_tags end,
      detail_at = greatest(r.detail_at, excluded.detail_at),
      synced_at = greatest(r.synced_at, excluded.synced_at)`.execute(tx)
}

const newer = sql.raw(`excluded.detail_at >= coalesce(r.detail_at, '-infinity')`)

/** The event carries the key of the add event that never came: should it come after all, it is the same fact. */
async function tellFound(tx: Tx, found: readonly Placed[], context: SeenContext): Promise<void> {
  if (found.length === 0) return
  const { corpId, at, cause, operationId } = context
  await appendEvents(
    tx,
    found.map((one) => ({
      kind: 'relation.found',
      corpId,
      customerId: one.customerId,
      staffUserid: one.userid,
      occurredAt: one.createdAt,
      cause,
      payload: {
        externalUserid: one.externalUserid,
        // the welcome code came with the callback that was lost, and has died since
        welcome: 'impossible',
        ...(one.state === undefined ? {} : { state: one.state }),
      },
      dedupeKey: factKey(corpId, ['added', one.userid, one.externalUserid, Math.floor(one.createdAt.getTime() / 1000)]),
    })),
    at,
  )
  if (operationId === undefined) return
  await tx
    .insertInto('sync_differences')
    .values(
      found.map((one) => ({
        corp_id: corpId,
        operation_id: operationId,
        kind: 'found',
        customer_id: one.customerId,
        userid: one.userid,
        external_userid: one.externalUserid,
        added_at: one.createdAt,
        at,
      })),
    )
    .execute()
}

import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { factKey } from '../../intake/index.ts'
import { arrayLiteral, refreshCards, writeCards } from '../cards/cards.store.ts'
import { firstCards } from '../cards/cards.ts'
import { pinyinOf } from '../cards/name-pinyin.ts'
import { erasedIds } from '../erased/erased-people.store.ts'
import type { Hint } from '../identities/identity-hints.store.ts'
import { passingTags } from '../sync/passing-tags.store.ts'
import { noteTagsChanged } from '../sync/tags.store.ts'
import { forgetUnionids, meetCustomers, noteUnionids, tellDetailed } from './newcomers.store.ts'
import { hintsOf, notedNow, noteKnown } from './noted-phones.store.ts'
import { type Judgement, judge, type KnownRelation, type SeenRelation } from './seen.ts'
import { lockPeople, type Person, updatePeople } from './seen-people.store.ts'

export interface SeenContext {
  readonly corpId: number
  readonly vault: Pick<Vault, 'blindIndex' | 'seal'>
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
  /** Search rows that are to be written next, here or in a transaction of their own. */
  readonly cards: DueCards
}

export interface DueCards {
  /** Of people met for the first time, of whom everything is in hand. */
  readonly first: readonly Placed[]
  /** Of others: what is known of them is read. */
  readonly again: readonly number[]
  /** Numbers that members noted of them: nothing proves them, they only propose. */
  readonly hints: readonly Hint[]
}

interface Placed extends SeenRelation {
  /** What was known of its tags; undefined: of somebody met for the first time, or read later than this. */
  readonly tagsBefore: readonly string[] | undefined
  readonly customerId: number
  readonly judgement: Judgement
}

/**
 * Writes what the platform shows of relations: people, registers that only move forward, remarks, tags; not their search
 * rows. Of an erased person only what was added after the erasure counts.
 */
export async function applySeen(tx: Tx, seen: readonly SeenRelation[], context: SeenContext): Promise<SeenOutcome> {
  const { placed, fresh, known } = await place(tx, await withoutPassing(tx, seen, context.corpId), context)
  const counts = { known: 0, found: 0, ended: 0, young: 0, old: 0 }
  for (const one of placed) counts[one.judgement] += 1
  const written = placed.filter(
    ({ judgement }) => judgement !== 'young' && (judgement !== 'found' || context.findMissed),
  )
  await updatePeople(tx, written, known, context)
  await upsertSeen(tx, written, context)
  await noteTagsChanged(tx, context.corpId, written.flatMap(tagChange), new Date())
  const found = context.findMissed ? placed.filter(({ judgement }) => judgement === 'found') : []
  await tellFound(tx, found, context)
  // of somebody met for the first time everything is in hand, but the channel of a `state`
  const inHand = new Set(fresh)
  for (const one of written) if (one.state !== undefined) inHand.delete(one.customerId)
  return {
    counts,
    young: placed.filter(({ judgement }) => judgement === 'young'),
    cards: {
      first: written.filter(({ customerId }) => inHand.has(customerId)),
      again: [...new Set(written.map(({ customerId }) => customerId))].filter((id) => !inHand.has(id)),
      hints: hintsOf(written, context.vault),
    },
  }
}

/** Writes the search rows and hints that `applySeen` left to be written, and takes back what was corrected. */
export async function writeSeenCards(
  tx: Tx,
  corpId: number,
  { first, again, hints }: DueCards,
  vault: Pick<Vault, 'blindIndex' | 'open'>,
): Promise<void> {
  const known = await notedNow(tx, corpId, again, hints, vault)
  // others may have met them meanwhile and made their cards from more
  await writeCards(tx, firstCards(first, corpId, await pinyinOf(first.map(({ name }) => name))), 'add')
  await refreshCards(tx, again)
  await noteKnown(tx, corpId, hints, known)
}

async function place(
  tx: Tx,
  given: readonly SeenRelation[],
  context: SeenContext,
): Promise<{ placed: Placed[]; fresh: ReadonlySet<number>; known: ReadonlyMap<number, Person> }> {
  const { corpId } = context
  const seen = await withoutErased(tx, given, context)
  const met = await meetCustomers(tx, corpId, seen, context.at)
  const { ids, fresh } = met
  const noted = await noteUnionids(tx, corpId, seen, met, context.at)
  const known = await lockPeople(
    tx,
    [...ids.values()].filter((id) => !fresh.has(id)),
  )
  const erased = new Set([...ids.values()].filter((id) => !fresh.has(id) && !known.has(id)))
  await forgetUnionids(
    tx,
    corpId,
    noted.filter(({ home }) => erased.has(home)),
  )
  const standing = noted.filter(({ home }) => !erased.has(home))
  await tellDetailed(tx, corpId, standing, met, context)
  // the same relation twice in one chunk: the later reading
  const unique = new Map<string, SeenRelation & { customerId: number }>()
  for (const one of seen) {
    const customerId = ids.get(one.externalUserid)
    if (customerId === undefined) throw new Error(`no customer for ${one.externalUserid}`)
    // erased between the look at what was erased and the lock
    if (fresh.has(customerId) || known.has(customerId))
      unique.set(`${customerId} ${one.userid}`, { ...one, customerId })
  }
  const rows = [...unique.values()].sort((a, b) => a.customerId - b.customerId || (a.userid < b.userid ? -1 : 1))
  const relations = await knownRelations(
    tx,
    rows.filter((one) => !fresh.has(one.customerId)),
  )
  const placed = rows.map((one) => ({
    ...one,
    judgement: judge(one.createdAt, relations.get(`${one.customerId} ${one.userid}`), context),
    tagsBefore: fresh.has(one.customerId)
      ? undefined
      : tagsBefore(one, relations.get(`${one.customerId} ${one.userid}`)),
  }))
  return { placed, fresh, known }
}

/** By which tag somebody sees a Moment is no tag of his. */
async function withoutPassing(tx: Tx, seen: readonly SeenRelation[], corpId: number): Promise<readonly SeenRelation[]> {
  const passing = await passingTags(tx, corpId)
  if (passing.size === 0) return seen
  return seen.map((one) => ({ ...one, tagIds: one.tagIds.filter((id) => !passing.has(id)) }))
}

/** Who was erased and is still a contact stays erased; a new add brings him back, as somebody new. */
async function withoutErased(
  tx: Tx,
  seen: readonly SeenRelation[],
  { corpId, vault }: SeenContext,
): Promise<readonly SeenRelation[]> {
  const erased = await erasedIds(
    tx,
    vault,
    corpId,
    seen.map((one) => one.externalUserid),
  )
  if (erased.size === 0) return seen
  return seen.filter((one) => one.createdAt > (erased.get(one.externalUserid)?.erasedAt ?? new Date(0)))
}

interface KnownWithTags extends KnownRelation {
  readonly tagIds: readonly string[]
  readonly detailAt: Date | null
}

function tagsBefore({ readAt }: SeenRelation, known: KnownWithTags | undefined): readonly string[] | undefined {
  if (known === undefined) return []
  return known.detailAt === null || known.detailAt <= readAt ? known.tagIds : undefined
}

function tagChange({ customerId, tagIds, tagsBefore: before }: Placed) {
  if (before === undefined) return []
  const now = new Set(tagIds)
  const gone = before.filter((id) => !now.has(id))
  return gone.length > 0 || now.size > before.length ? [{ customerId, gone }] : []
}

async function knownRelations(
  tx: Tx,
  rows: readonly { customerId: number; userid: string }[],
): Promise<ReadonlyMap<string, KnownWithTags>> {
  if (rows.length === 0) return new Map()
  // one probe of the primary key a customer: in a first sync, of which no statistics are taken yet, a list of ids or the
  // corp beside it would be planned as a reading of all relations
  const { rows: found } = await sql<{
    customerId: number
    userid: string
    addedAt: Date | null
    endedAt: Date | null
    tagIds: readonly string[]
    detailAt: Date | null
  }>`
    select r.* from unnest(${[...new Set(rows.map((row) => row.customerId))]}::bigint[]) as n(id) cross join lateral (
      select customer_id as "customerId", userid, added_at as "addedAt", ended_at as "endedAt", tag_ids as "tagIds", detail_at as "detailAt" from relations
      where customer_id = n.id offset 0) r`.execute(tx)
  return new Map(
    found.map((row) => [
      `${row.customerId} ${row.userid}`,
      {
        ...{ addedAt: row.addedAt ?? undefined, endedAt: row.endedAt ?? undefined },
        ...{ tagIds: row.tagIds, detailAt: row.detailAt },
      },
    ]),
  )
}

/** An add that we know keeps its time: nothing read later may revive what has ended since. */
async function upsertSeen(tx: Tx, rows: readonly Placed[], context: SeenContext): Promise<void> {
  if (rows.length === 0) return
  const { corpId, syncedAt, vault } = context
  const added = (row: Placed) => (row.judgement === 'known' ? null : row.createdAt.toISOString())
  await sql`
    insert into relations as r (customer_id, corp_id, userid, external_userid, added_at, first_added_at, state, channel_id, source_at,
      add_way, remark, description, remark_corp, mobiles, tag_ids, personal_tags, detail_at, synced_at)
    select n.customer_id, ${corpId}, n.userid, n.external_userid, n.added_at, n.created_at, n.state, h.id,
      case when n.state is not null then n.created_at end,
      n.add_way, n.remark, n.description, n.remark_corp, n.mobiles, n.tag_ids::text[], coalesce(n.personal_tags::text[], '{}'), n.read_at,
      ${syncedAt?.toISOString() ?? null}::timestamptz
    from unnest(
      ${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => row.userid)}::text[], ${rows.map((row) => row.externalUserid)}::text[],
      ${rows.map(added)}::timestamptz[], ${rows.map((row) => row.createdAt.toISOString())}::timestamptz[],
      ${rows.map((row) => row.state ?? null)}::text[], ${rows.map((row) => row.addWay ?? null)}::smallint[],
      ${rows.map((row) => row.remark)}::text[], ${rows.map((row) => row.description)}::text[], ${rows.map((row) => row.remarkCorp ?? null)}::text[],
      ${rows.map((row) => (row.mobiles.length === 0 ? null : vault.seal(JSON.stringify(row.mobiles))))}::bytea[],
      ${rows.map((row) => arrayLiteral(row.tagIds))}::text[],
      ${rows.map((row) => (row.personalTags === undefined ? null : arrayLiteral(row.personalTags)))}::text[],
      ${rows.map((row) => row.readAt.toISOString())}::timestamptz[]
    ) as n(customer_id, userid, external_userid, added_at, created_at, state, add_way, remark, description, remark_corp, mobiles, tag_ids, personal_tags, read_at)
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
      mobiles = case when ${newer} then excluded.mobiles else r.mobiles end,
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

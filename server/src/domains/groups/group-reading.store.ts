import { sql } from 'kysely'
import type { Tx } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import { erasedIds, noteUnionidsShown, type ShownUnionid } from '../customers/index.ts'
import {
  changedFields,
  compareReading,
  type GroupReading,
  type KnownGroup,
  type ReadingRules,
  youngMs,
} from './group-reading.ts'
import {
  customersOfMembers,
  type GroupNews,
  knownMembers,
  type MemberNews,
  type MemberRow,
  tellGroups,
  tellMembers,
  writeMembers,
} from './members.store.ts'

export interface ReadingContext extends ReadingRules {
  readonly corpId: number
  readonly vault: Pick<Vault, 'blindIndex'>
  readonly at: Date
  readonly cause: string
}

export interface AppliedReadings {
  readonly members: number
  readonly found: number
  readonly gone: number
  readonly changed: number
  readonly created: number
  /** Groups that are to be read again, and when. */
  readonly again: ReadonlyMap<string, Date>
}

/** Writes groups as they were read: only what differs, and tells what no callback told. */
export async function applyReadings(
  tx: Tx,
  given: readonly GroupReading[],
  context: ReadingContext,
): Promise<AppliedReadings> {
  const { corpId, at, cause, baseline } = context
  const readings = (await withoutErased(tx, given, context)).sort((a, b) => (a.chatId < b.chatId ? -1 : 1))
  const again = new Map<string, Date>()
  const sum = { members: 0, found: 0, gone: 0, changed: 0, created: 0 }
  if (readings.length === 0) return { ...sum, again }
  const groups = await lockGroups(tx, corpId, readings)
  const known = await knownMembers(
    tx,
    corpId,
    readings.map(({ chatId }) => chatId),
  )
  const rows: MemberRow[] = []
  const memberNews: Omit<MemberNews, 'customerId'>[] = []
  const groupNews: GroupNews[] = []
  for (const reading of readings) {
    const { chatId, owner } = reading
    const group = groups.get(chatId)
    if (group === undefined) continue
    const outcome = compareReading(reading, group, known.get(chatId) ?? new Map(), context)
    sum.members += reading.members.length
    sum.found += outcome.found
    sum.gone += outcome.gone
    if (outcome.stale) again.set(chatId, new Date(at.getTime() + context.lagMs))
    else if (outcome.waiting > 0) again.set(chatId, new Date((group.changedAt ?? at).getTime() + youngMs))
    const news = { corpId, chatId, owner, cause }
    for (const { kind, id, member, tell } of outcome.changes) {
      rows.push({ chatId, kind, id, member })
      if (tell === undefined || kind === 'staff') continue
      memberNews.push({
        ...{ ...news, what: tell.what, at: tell.at, externalUserid: id },
        ...(tell.what === 'left' ? { by: 'unknown' } : { scene: member.scene }),
      })
    }
    if (group.readAt === undefined && baseline !== undefined && reading.createdAt >= baseline) {
      sum.created += 1
      groupNews.push({ ...news, what: 'created', at: reading.createdAt, payload: {} })
    }
    const fields = changedFields(group, reading)
    if (fields.length > 0) {
      sum.changed += 1
      const from = Object.fromEntries(fields.map((field) => [field, group[field] ?? null]))
      groupNews.push({ ...news, what: 'changed', at: group.changedAt ?? reading.readAt, payload: { fields, from } })
    }
  }
  await writeGroups(tx, corpId, readings)
  const externals = rows.flatMap((row) => (row.kind === 'external' ? [row.id] : []))
  const customerOf = await customersOfMembers(tx, corpId, externals, at)
  await noteUnionidsShown(tx, corpId, unionidsOf(readings, baseline), { at, cause })
  await writeMembers(tx, corpId, rows, customerOf)
  await tellMembers(
    tx,
    memberNews.map((one) => ({ ...one, customerId: customerOf(one.externalUserid) })),
    at,
  )
  await tellGroups(tx, groupNews, at)
  return { ...sum, again }
}

/** Each member once, in however many groups he is. */
function unionidsOf(readings: readonly GroupReading[], baseline: Date | undefined): readonly ShownUnionid[] {
  const shown = new Map<string, ShownUnionid>()
  for (const { kind, id, unionid, joinedAt } of readings.flatMap(({ members }) => members)) {
    if (kind === 'staff' || unionid === undefined) continue
    const isNews = baseline !== undefined && joinedAt >= baseline
    shown.set(id, { externalUserid: id, unionid, isNews: isNews || shown.get(id)?.isNews === true })
  }
  return [...shown.values()]
}

/** Who was erased and is still in a group stays erased; a new join brings him back, as somebody new. */
async function withoutErased(
  tx: Tx,
  readings: readonly GroupReading[],
  { corpId, vault }: ReadingContext,
): Promise<GroupReading[]> {
  const ids = readings.flatMap(({ members }) => members.flatMap((one) => (one.kind === 'external' ? [one.id] : [])))
  const erased = await erasedIds(tx, vault, corpId, [...new Set(ids)])
  if (erased.size === 0) return [...readings]
  return readings.map((reading) => ({
    ...reading,
    members: reading.members.filter((one) => one.joinedAt > (erased.get(one.id)?.erasedAt ?? new Date(0))),
  }))
}

interface LockedGroup {
  readonly chatId: string
  readonly name: string
  readonly owner: string
  readonly notice: string | null
  readonly readAt: Date | null
  readonly changedAt: Date | null
  readonly version: string | null
  readonly toldVersion: string | null
  readonly dismissedAt: Date | null
}

async function lockGroups(
  tx: Tx,
  corpId: number,
  readings: readonly GroupReading[],
): Promise<ReadonlyMap<string, KnownGroup>> {
  const chatIds = readings.map(({ chatId }) => chatId)
  await sql`
    insert into groups (chat_id, corp_id) select n.chat_id, ${corpId} from unnest(${chatIds}::text[]) as n(chat_id)
    order by n.chat_id on conflict do nothing`.execute(tx)
  const { rows } = await sql<LockedGroup>`
    select chat_id as "chatId", name, owner, notice, read_at as "readAt", changed_at as "changedAt",
      member_version as version, told_version as "toldVersion", dismissed_at as "dismissedAt"
    from groups where chat_id = any(${chatIds}::text[]) and corp_id = ${corpId} order by chat_id for update`.execute(tx)
  return new Map(
    rows.map((row) => [
      row.chatId,
      {
        ...{ name: row.name, owner: row.owner, notice: row.notice ?? undefined, readAt: row.readAt ?? undefined },
        ...{ changedAt: row.changedAt ?? undefined, version: row.version ?? undefined },
        toldVersion: row.toldVersion ?? undefined,
        dismissedAt: row.dismissedAt ?? undefined,
      },
    ]),
  )
}

async function writeGroups(tx: Tx, corpId: number, readings: readonly GroupReading[]): Promise<void> {
  await sql`
    update groups g set name = n.name, owner = n.owner, notice = n.notice, admins = n.admins::text[], created_at = n.created_at,
      member_version = n.version, read_at = n.read_at, tried_at = greatest(g.tried_at, n.read_at), reason = null
    from unnest(
      ${readings.map((one) => one.chatId)}::text[], ${readings.map((one) => one.name)}::text[], ${readings.map((one) => one.owner)}::text[],
      ${readings.map((one) => one.notice ?? null)}::text[], ${readings.map((one) => arrayLiteral(one.admins))}::text[],
      ${readings.map((one) => one.createdAt.toISOString())}::timestamptz[], ${readings.map((one) => one.version ?? null)}::text[],
      ${readings.map((one) => one.readAt.toISOString())}::timestamptz[]
    ) as n(chat_id, name, owner, notice, admins, created_at, version, read_at)
    where g.chat_id = n.chat_id and g.corp_id = ${corpId} and (g.read_at is null or g.read_at <= n.read_at)`.execute(tx)
}

/** One column of arrays cannot travel as an array of arrays of different lengths. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`
}

import { sql } from 'kysely'
import type { Tx } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import { erasedIds } from '../customers/index.ts'
import { type GroupFact, kindOfMember } from './group-facts.ts'
import { afterFact, isNews, nobody } from './group-member.ts'
import { memberKey } from './group-reading.ts'
import {
  customersOfMembers,
  knownMembers,
  type MemberNews,
  type MemberRow,
  tellGroups,
  tellMembers,
  writeMembers,
} from './members.store.ts'

interface Touched {
  readonly chatId: string
  readonly owner: string
}

/** Applies what callbacks said, of one corp, set-based; each group is then wanted once, when the platform will show it. */
export async function applyGroupFacts(
  tx: Tx,
  { corpId, vault }: { readonly corpId: number; readonly vault: Pick<Vault, 'blindIndex'> },
  facts: readonly GroupFact[],
  wantedAt: Date,
  learntAt: Date,
): Promise<void> {
  if (facts.length === 0) return
  const groups = await touchGroups(tx, corpId, facts, wantedAt)
  const ownerOf = new Map(groups.map(({ chatId, owner }) => [chatId, owner]))
  const named = facts.flatMap(({ change, members, chatId, cause }) =>
    change === undefined ? [] : members.map((id) => ({ change, id, chatId, cause })),
  )
  const known = await knownMembers(
    tx,
    corpId,
    [...ownerOf.keys()],
    named.map(({ id }) => id),
  )
  const erased = await erasedIds(
    tx,
    vault,
    corpId,
    named.map(({ id }) => id),
  )
  // who was erased is met again only when he joins anew; of the ends of others who were, nothing is kept
  const changes = named.filter(({ change, id, chatId }) => {
    const erasedAt = erased.get(id)?.erasedAt
    if (erasedAt === undefined || known.get(chatId)?.has(memberKey('external', id)) === true) return true
    return change.kind === 'joined' && change.at > erasedAt
  })
  const ids = [...new Set(changes.map(({ id }) => id))]
  const staff = await staffAmong(tx, corpId, ids)
  const kindOf = (id: string) => kindOfMember(id, staff.has(id))
  const customerOf = await customersOfMembers(
    tx,
    corpId,
    ids.filter((id) => kindOf(id) === 'external'),
    learntAt,
  )
  const rows = new Map<string, MemberRow>()
  const news: MemberNews[] = []
  for (const { change, id, chatId, cause } of changes) {
    const kind = kindOf(id)
    const key = memberKey(kind, id)
    const before = known.get(chatId)?.get(key) ?? nobody
    const member = afterFact(before, change)
    known.get(chatId)?.set(key, member)
    rows.set(`${chatId} ${key}`, { chatId, kind, id, member })
    if (kind === 'staff' || !isNews(before, change)) continue
    news.push({
      ...{ what: change.kind, corpId, chatId, owner: ownerOf.get(chatId) ?? '', cause, at: change.at },
      ...{ externalUserid: id, customerId: customerOf(id) },
      ...(change.kind === 'joined' ? { scene: change.scene } : { by: change.by ?? 'unknown' }),
    })
  }
  await writeMembers(tx, corpId, [...rows.values()], customerOf)
  await tellMembers(tx, news, learntAt)
  await dismissGroups(
    tx,
    corpId,
    facts.filter((fact) => fact.dismissed),
    learntAt,
  )
}

/** Ends groups for good and tells those who were in them. The moment is the earliest that was told of. */
export async function dismissGroups(
  tx: Tx,
  corpId: number,
  ends: readonly { readonly chatId: string; readonly at: Date; readonly cause: string }[],
  learntAt: Date,
): Promise<number> {
  const byChat = new Map(ends.map((end) => [end.chatId, end]))
  if (byChat.size === 0) return 0
  const list = [...byChat.values()].sort((a, b) => (a.chatId < b.chatId ? -1 : 1))
  const { rows: fresh } = await sql<Touched & { isNew: boolean }>`
    with n as (
      select * from unnest(${list.map((end) => end.chatId)}::text[], ${list.map((end) => end.at.toISOString())}::timestamptz[]) as n(chat_id, at)
    ), before as (
      select g.chat_id, g.dismissed_at from groups g join n using (chat_id) where g.corp_id = ${corpId} order by g.chat_id for update of g
    )
    update groups g set dismissed_at = least(g.dismissed_at, n.at), wanted_at = null, tried_at = ${learntAt}::timestamptz
    from n join before using (chat_id) where g.chat_id = n.chat_id and g.corp_id = ${corpId}
    returning g.chat_id as "chatId", g.owner, before.dismissed_at is null as "isNew"`.execute(tx)
  const newly = fresh.filter((row) => row.isNew)
  if (newly.length === 0) return 0
  const { rows: inside } = await sql<{ chatId: string; id: string; customerId: number | null }>`
    select chat_id as "chatId", member_id as id, customer_id as "customerId" from group_members
    where chat_id = any(${newly.map((row) => row.chatId)}::text[]) and corp_id = ${corpId} and present and kind = 'external'`.execute(
    tx,
  )
  const ofChat = new Map(newly.map((row) => [row.chatId, row.owner]))
  const endOf = (chatId: string) => byChat.get(chatId) ?? { at: learntAt, cause: '' }
  await tellMembers(
    tx,
    inside.map(({ chatId, id, customerId }) => ({
      ...{ what: 'left', corpId, chatId, owner: ofChat.get(chatId) ?? '', by: 'dismissed' },
      ...{ at: endOf(chatId).at, cause: endOf(chatId).cause, externalUserid: id, customerId: customerId ?? undefined },
    })),
    learntAt,
  )
  await tellGroups(
    tx,
    newly.map(({ chatId, owner }) => ({
      ...{ what: 'dismissed', corpId, chatId, owner, at: endOf(chatId).at, cause: endOf(chatId).cause, payload: {} },
    })),
    learntAt,
  )
  return newly.length
}

/**
 * Makes the groups known, locks them in one order, and wants them read. A reading that is wanted already comes when it
 * comes: a group that changes all the time must not be put off for ever.
 */
async function touchGroups(
  tx: Tx,
  corpId: number,
  facts: readonly GroupFact[],
  wantedAt: Date,
): Promise<readonly Touched[]> {
  const byChat = new Map<string, { at: Date; told: string | undefined; wanted: boolean }>()
  for (const fact of facts) {
    const before = byChat.get(fact.chatId)
    byChat.set(fact.chatId, {
      at: before !== undefined && before.at > fact.at ? before.at : fact.at,
      told: before !== undefined && before.at > fact.at ? before.told : (fact.toldVersion ?? before?.told),
      wanted: (before?.wanted ?? false) || !fact.dismissed,
    })
  }
  const list = [...byChat.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  const { rows } = await sql<Touched>`
    insert into groups as g (chat_id, corp_id, changed_at, told_version, wanted_at, revision)
    select n.chat_id, ${corpId}, n.at, n.told, case when n.wanted then ${wantedAt}::timestamptz end, 1
    from unnest(
      ${list.map(([chatId]) => chatId)}::text[], ${list.map(([, one]) => one.at.toISOString())}::timestamptz[],
      ${list.map(([, one]) => one.told ?? null)}::text[], ${list.map(([, one]) => one.wanted)}::bool[]
    ) as n(chat_id, at, told, wanted) order by n.chat_id
    on conflict (chat_id, corp_id) do update set
      changed_at = greatest(g.changed_at, excluded.changed_at),
      told_version = case when g.changed_at > excluded.changed_at then g.told_version else coalesce(excluded.told_version, g.told_version) end,
      wanted_at = case
        when g.dismissed_at is not null or excluded.wanted_at is null then g.wanted_at
        when g.attempts > 0 then excluded.wanted_at
        else coalesce(g.wanted_at, excluded.wanted_at) end,
      revision = g.revision + 1,
      attempts = 0
    returning g.chat_id as "chatId", g.owner`.execute(tx)
  return rows
}

async function staffAmong(tx: Tx, corpId: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await tx
    .selectFrom('staff')
    .select('userid')
    .where('corp_id', '=', corpId)
    .where('userid', 'in', [...ids])
    .execute()
  return new Set(rows.map((row) => row.userid))
}

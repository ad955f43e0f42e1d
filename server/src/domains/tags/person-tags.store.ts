import { sql } from 'kysely'
import type { Actor } from '../../infra/auth/actor.ts'
import { staffInScope } from '../../infra/auth/scope.ts'
import type { Executor } from '../../infra/db/database.ts'
import type { TagSource } from './tag-state.ts'

export interface ShownFact {
  readonly tagId: string
  readonly source: TagSource
  readonly reference: string
  readonly says: boolean
  readonly evidence: Readonly<Record<string, unknown>>
  readonly confidence: number | null
  readonly at: Date
  readonly expiresAt: Date | null
  readonly saidBy: string | null
}

export interface ShownTag {
  readonly id: string
  readonly name: string
  readonly groupId: string
  readonly group: string
  readonly platformId: string | null
  readonly sensitive: boolean
  readonly exclusive: boolean
}

/** Everything that was said under these homes, with the names behind it. */
export async function shownFacts(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly ShownFact[]> {
  const { rows } = await sql<ShownFact>`
    select f.tag_id as "tagId", f.source, f.reference, f.says, f.evidence, f.confidence, f.at, f.expires_at as "expiresAt",
      coalesce(a.name, h.name, s.name) as "saidBy"
    from tag_facts f
    left join accounts a on a.id::text = f.evidence->>'by'
    left join channels h on h.corp_id = f.corp_id and h.id::text = f.evidence->>'channelId'
    left join staff s on s.corp_id = f.corp_id and s.userid = f.evidence->>'userid'
    where f.customer_id = any(${[...homes]}::bigint[]) and f.corp_id = ${corpId}`.execute(on)
  return rows
}

export async function shownTags(on: Executor, corpId: number): Promise<readonly ShownTag[]> {
  const { rows } = await sql<ShownTag>`
    select t.id, t.name, t.group_id as "groupId", g.name as "group", t.platform_id as "platformId", g.sensitive, g.exclusive
    from tags t join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
    where t.corp_id = ${corpId} and t.removed_at is null and g.removed_at is null
    order by g.position desc, t.position desc, t.name`.execute(on)
  return rows
}

export interface ShownRelation {
  readonly userid: string
  readonly staffName: string
  readonly tagIds: readonly string[]
  readonly detailAt: Date | null
}

/** What the platform shows on the living relations that the actor may see. */
export async function shownRelations(
  on: Executor,
  actor: Actor,
  homes: readonly number[],
): Promise<readonly ShownRelation[]> {
  const { rows } = await sql<ShownRelation>`
    select r.userid, coalesce(s.name, r.userid) as "staffName", r.tag_ids as "tagIds", r.detail_at as "detailAt"
    from relations r left join staff s on s.corp_id = r.corp_id and s.userid = r.userid
    where r.customer_id = any(${[...homes]}::bigint[]) and r.corp_id = ${actor.corpId} and r.status = 'alive'
      and ${staffInScope(actor, 'r.userid')} order by r.userid`.execute(on)
  return rows
}

export interface WaitingCall {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly refused: boolean
  readonly reason: string | null
}

export async function waitingCalls(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly WaitingCall[]> {
  const { rows } = await sql<WaitingCall>`
    select add_tags as add, remove_tags as remove, refused, reason from tag_calls
    where customer_id = any(${[...homes]}::bigint[]) and corp_id = ${corpId}`.execute(on)
  return rows
}

export interface ShownConsent {
  readonly groupId: string
  readonly group: string
  readonly given: boolean
  readonly evidence: string
  readonly at: Date
}

export async function shownConsents(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly ShownConsent[]> {
  const { rows } = await sql<ShownConsent>`
    select distinct on (c.group_id) c.group_id as "groupId", g.name as "group", c.given, c.evidence, c.at from tag_consents c
    join tag_groups g on g.corp_id = c.corp_id and g.id = c.group_id and g.removed_at is null
    where c.customer_id = any(${[...homes]}::bigint[]) and c.corp_id = ${corpId} order by c.group_id, c.at desc, c.given`.execute(
    on,
  )
  return rows
}

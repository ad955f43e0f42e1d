import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { Standing } from './facts.ts'

export interface PlacedStanding extends Standing {
  readonly home: number
}

interface Of {
  readonly corpId: number
  readonly accountId: string
  /** Whether the platform can be asked about these people: of an Official Account. */
  readonly askable: boolean
}

/**
 * Moves the registers forward; one row a person. Who is new to us, or followed anew, is to be read: `dueAt`, in machine
 * time. Some statements whatever the number of people.
 */
export async function writeStandings(
  tx: Tx,
  { corpId, accountId, askable }: Of,
  given: readonly PlacedStanding[],
  dueAt: Date | null,
): Promise<void> {
  if (given.length === 0) return
  const sorted = [...given].sort((a, b) => a.home - b.home)
  const times = (pick: (one: Standing) => Date | undefined) => sorted.map((one) => pick(one)?.toISOString() ?? null)
  const texts = (pick: (one: Standing) => string | undefined) => sorted.map((one) => pick(one) ?? null)
  await sql`
    insert into weixin_people as p (customer_id, account_id, corp_id, openid, followed_at, scene, qr_scene, ended_at,
      scanned_at, scanned_scene, wrote_at, visited_at, visits, info_due_at)
    select home, ${accountId}, ${corpId}, openid, followed_at, scene, qr_scene, ended_at, scanned_at, scanned_scene,
      wrote_at, visited_at, (visited_at is not null)::integer, ${askable ? dueAt : null}::timestamptz
    from unnest(${sorted.map((one) => one.home)}::bigint[], ${sorted.map((one) => one.openid)}::text[],
      ${times((one) => one.followedAt)}::timestamptz[], ${texts((one) => one.scene)}::text[],
      ${texts((one) => one.qrScene)}::text[], ${times((one) => one.endedAt)}::timestamptz[],
      ${times((one) => one.scannedAt)}::timestamptz[], ${texts((one) => one.scannedScene)}::text[],
      ${times((one) => one.wroteAt)}::timestamptz[], ${times((one) => one.visitedAt)}::timestamptz[])
      as g(home, openid, followed_at, scene, qr_scene, ended_at, scanned_at, scanned_scene, wrote_at, visited_at)
    on conflict (customer_id, account_id) do update set
      followed_at = greatest(p.followed_at, excluded.followed_at),
      scene = case when excluded.followed_at > p.followed_at or p.followed_at is null then excluded.scene
        when excluded.followed_at = p.followed_at then coalesce(p.scene, excluded.scene) else p.scene end,
      qr_scene = case when excluded.followed_at > p.followed_at or p.followed_at is null then excluded.qr_scene
        when excluded.followed_at = p.followed_at then coalesce(p.qr_scene, excluded.qr_scene) else p.qr_scene end,
      ended_at = greatest(p.ended_at, excluded.ended_at),
      scanned_at = greatest(p.scanned_at, excluded.scanned_at),
      scanned_scene = case when excluded.scanned_at > p.scanned_at or p.scanned_at is null then excluded.scanned_scene
        when excluded.scanned_at = p.scanned_at then greatest(p.scanned_scene, excluded.scanned_scene)
        else p.scanned_scene end,
      wrote_at = greatest(p.wrote_at, excluded.wrote_at),
      visited_at = greatest(p.visited_at, excluded.visited_at),
      visits = p.visits + excluded.visits,
      info_due_at = case
        when excluded.followed_at is not null and excluded.followed_at > coalesce(p.followed_at, '-infinity')
          or p.info_at is null then coalesce(p.info_due_at, excluded.info_due_at)
        else p.info_due_at end`.execute(tx)
}

export interface DuePerson {
  readonly home: number
  readonly openid: string
}

/** Whom the platform is to be asked about; a lease: who is not answered for comes again when it ends. */
export async function takeDueInfo(
  on: Executor,
  accountId: string,
  limit: number,
  now: Date,
  leaseMs: number,
): Promise<readonly DuePerson[]> {
  const { rows } = await sql<DuePerson>`
    update weixin_people as p set info_due_at = ${new Date(now.getTime() + leaseMs)}
    from (
      select customer_id, account_id from weixin_people
      where account_id = ${accountId} and info_due_at <= ${now}
      order by info_due_at limit ${limit} for update skip locked
    ) as due
    where p.customer_id = due.customer_id and p.account_id = due.account_id
    returning p.customer_id as home, p.openid`.execute(on)
  return rows
}

export async function noteInfoRead(tx: Tx, accountId: string, homes: readonly number[], at: Date): Promise<void> {
  await sql`
    update weixin_people set info_at = ${at}, info_due_at = case when followed_at > ${at} then info_due_at end
    where account_id = ${accountId} and customer_id = any(${[...homes]}::bigint[])`.execute(tx)
}

/** Followers whom a list that began at this moment did not name: the platform is asked about each. */
export async function askAboutUnlisted(on: Executor, accountId: string, begunAt: Date, dueAt: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update weixin_people set info_due_at = ${dueAt}
    where account_id = ${accountId} and followed_at > coalesce(ended_at, '-infinity')
      and followed_at < ${begunAt} and (info_at is null or info_at < ${begunAt}) and info_due_at is null`.execute(on)
  return Number(numAffectedRows ?? 0n)
}

export interface StandingRow {
  readonly kind: string
  readonly name: string
  readonly appid: string
  readonly openid: string
  readonly followedAt: Date | null
  readonly scene: string | null
  readonly qrScene: string | null
  readonly endedAt: Date | null
  readonly scannedAt: Date | null
  readonly scannedScene: string | null
  readonly wroteAt: Date | null
  readonly visitedAt: Date | null
  readonly visits: number
}

/** How a person stands to each account, over all his homes. */
export async function standingsOfHomes(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly StandingRow[]> {
  return on
    .selectFrom('weixin_people as p')
    .innerJoin('weixin_accounts as a', 'a.id', 'p.account_id')
    .select(['a.kind', 'a.name', 'a.appid', 'p.openid', 'p.followed_at as followedAt', 'p.scene'])
    .select(['p.qr_scene as qrScene', 'p.ended_at as endedAt', 'p.scanned_at as scannedAt'])
    .select(['p.scanned_scene as scannedScene', 'p.wrote_at as wroteAt', 'p.visited_at as visitedAt', 'p.visits'])
    .where('p.corp_id', '=', corpId)
    .where('p.customer_id', 'in', [...homes])
    .orderBy('a.created_at')
    .orderBy('a.kind', 'desc')
    .orderBy('p.customer_id')
    .execute()
}

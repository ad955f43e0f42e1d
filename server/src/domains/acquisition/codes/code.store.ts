import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Calling, CodeProblem } from './code.ts'

export interface CodeRow {
  readonly id: string
  readonly corpId: number
  readonly channelId: string
  readonly kind: 'contact_way' | 'link'
  readonly userid: string
  readonly state: string
  readonly configId: string | null
  readonly url: string | null
  readonly content: string | null
  readonly desiredUsers: readonly string[]
  readonly desiredHash: string
  readonly effectiveUsers: readonly string[]
  readonly effectiveHash: string
  readonly pendingSince: Date | null
  readonly revision: number
  readonly calling: Calling | null
  readonly problem: CodeProblem | null
  readonly skipVerify: boolean
  readonly exclusive: boolean
  readonly channelName: string
  readonly channelStatus: string
}

const codeColumns = sql`
  k.id, k.corp_id as "corpId", k.channel_id as "channelId", k.kind, k.userid, k.state, k.config_id as "configId", k.url, k.content,
  k.desired_users as "desiredUsers", k.desired_hash as "desiredHash", k.effective_users as "effectiveUsers",
  k.effective_hash as "effectiveHash", k.pending_since as "pendingSince", k.revision, k.calling, k.problem,
  c.skip_verify as "skipVerify", c.exclusive, c.name as "channelName", c.status as "channelStatus"`

/** The channel's own code; made with the channel, filled by the upkeep. */
export async function insertCode(
  on: Executor,
  code: { corpId: number; channelId: string; kind: 'contact_way' | 'link'; userid: string; state: string },
  at: Date,
): Promise<string> {
  const id = uuid()
  const { rows } = await sql<{ id: string }>`
    insert into channel_codes as k (id, corp_id, channel_id, kind, userid, state, created_at)
    values (${id}, ${code.corpId}, ${code.channelId}, ${code.kind}, ${code.userid}, ${code.state}, ${at})
    on conflict (channel_id, userid) do update set removed_at = null returning id`.execute(on)
  return rows[0]?.id ?? id
}

export async function codesOf(
  on: Executor,
  corpId: number,
  channelIds: readonly string[],
): Promise<readonly CodeRow[]> {
  const { rows } = await sql<CodeRow>`
    select ${codeColumns} from channel_codes k join channels c on c.id = k.channel_id
    where k.corp_id = ${corpId} and k.channel_id = any(${[...channelIds]}::uuid[]) and k.removed_at is null
    order by k.channel_id, k.userid`.execute(on)
  return rows
}

export async function findCode(on: Executor, corpId: number, id: string): Promise<CodeRow | undefined> {
  const { rows } = await sql<CodeRow>`
    select ${codeColumns} from channel_codes k join channels c on c.id = k.channel_id
    where k.corp_id = ${corpId} and k.id = ${id}`.execute(on)
  return rows[0]
}

export interface Desired {
  readonly id: string
  readonly users: readonly string[]
  readonly hash: string
  readonly problem: CodeProblem | null
}

/** Writes what the codes should be; only rows that differ are touched. */
export async function writeDesired(on: Executor, desired: readonly Desired[], at: Date): Promise<void> {
  if (desired.length === 0) return
  await sql`
    update channel_codes k set desired_users = array(select jsonb_array_elements_text(w.users)), desired_hash = w.hash,
      pending_since = case when w.hash = k.effective_hash then null else coalesce(k.pending_since, ${at}::timestamptz) end,
      retry_at = case when w.hash = k.desired_hash then k.retry_at end,
      problem = w.problem
    from jsonb_to_recordset(${JSON.stringify(desired)}::jsonb) as w(id uuid, users jsonb, hash text, problem jsonb)
    where k.id = w.id`.execute(on)
}

/** Codes that differ at the platform, the longest waiting first, with what their members are known to be now. */
export async function pendingCodes(on: Executor, corpId: number, limit: number): Promise<readonly CodeRow[]> {
  const { rows } = await sql<CodeRow>`
    select ${codeColumns} from channel_codes k join channels c on c.id = k.channel_id
    where k.corp_id = ${corpId} and k.removed_at is null and k.calling is null
      and (k.retry_at is null or k.retry_at <= clock_timestamp())
      and ((k.pending_since is not null and c.status <> 'deleted') or (c.status = 'deleted' and k.config_id is not null))
    order by k.pending_since nulls first, k.id limit ${limit}`.execute(on)
  return rows
}

/** Takes the code for one call: raises its revision and notes what is being tried. False: another process has it. */
export async function beginCalling(on: Executor, code: CodeRow, calling: Calling): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update channel_codes set revision = revision + 1, calling = ${JSON.stringify(calling)}::jsonb
    where id = ${code.id} and revision = ${code.revision} and (calling is null or calling->>'key' = ${code.calling?.key ?? ''})`.execute(
    on,
  )
  return numAffectedRows === 1n
}

export interface CallSettlement {
  readonly codeId: string
  readonly key: string
  /** Set when the platform now has these. */
  readonly effective?: { readonly users: readonly string[]; readonly hash: string }
  readonly made?: { readonly configId: string; readonly url: string | null; readonly content: string | null }
  readonly removed?: boolean
  readonly problem: CodeProblem | null
  /** Machine seconds; 0: at once. */
  readonly retryAfter: number
}

export async function endCalling(on: Executor, settlement: CallSettlement, at: Date): Promise<void> {
  const { codeId, key, effective, made, removed, problem, retryAfter } = settlement
  await sql`
    update channel_codes set calling = null,
      effective_users = coalesce(${effective === undefined ? null : [...effective.users]}::text[], effective_users),
      effective_hash = coalesce(${effective?.hash ?? null}, effective_hash),
      pending_since = case when coalesce(${effective?.hash ?? null}, effective_hash) = desired_hash then null else pending_since end,
      config_id = coalesce(${made?.configId ?? null}, config_id),
      url = coalesce(${made?.url ?? null}, url),
      content = coalesce(${made?.content ?? null}, content),
      removed_at = case when ${removed === true} then ${at}::timestamptz else removed_at end,
      problem = case when ${problem === null}::boolean and problem->>'kind' = 'nobody' then problem else ${problem === null ? null : JSON.stringify(problem)}::jsonb end,
      retry_at = case when ${retryAfter}::float8 > 0 then clock_timestamp() + make_interval(secs => ${retryAfter}::float8) end
    where id = ${codeId} and calling->>'key' = ${key}`.execute(on)
}

/**
 * Codes with a call whose outcome nobody waits for any more: begun by a process that is gone, or by this one and not
 * in flight. What became of it must be found out.
 */
export async function abandonedCalls(
  on: Executor,
  corpId: number,
  processId: number,
  inFlight: readonly string[],
): Promise<readonly CodeRow[]> {
  const { rows } = await sql<CodeRow>`
    select ${codeColumns} from channel_codes k join channels c on c.id = k.channel_id
    where k.corp_id = ${corpId} and k.calling is not null and k.id <> all(${[...inFlight]}::uuid[])
      and (k.retry_at is null or k.retry_at <= clock_timestamp())
      and ((k.calling->>'processId')::int = ${processId} or (k.calling->>'processId')::int not in (
        select objid::int from pg_locks where locktype = 'advisory' and classid = 1 and objsubid = 2 and granted
          and database = (select oid from pg_database where datname = current_database())))
    limit 200`.execute(on)
  return rows
}

export async function savePicture(on: Executor, id: string, picture: Buffer, content: string): Promise<void> {
  await on.updateTable('channel_codes').set({ picture, content }).where('id', '=', id).execute()
}

/** Leaves a code alone for so many machine seconds. */
export async function postpone(on: Executor, id: string, seconds: number): Promise<void> {
  await sql`update channel_codes set retry_at = clock_timestamp() + make_interval(secs => ${seconds}::float8) where id = ${id}`.execute(
    on,
  )
}

/** The address of a code's picture while what it holds is not known yet. */
export async function pictureWanted(on: Executor, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ url: string }>`
    select url from channel_codes
    where id = ${id} and kind = 'contact_way' and content is null and url is not null and removed_at is null`.execute(
    on,
  )
  return rows[0]?.url
}

export async function codesWithoutPicture(
  on: Executor,
  corpId: number,
  limit: number,
): Promise<readonly { id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    select id from channel_codes
    where corp_id = ${corpId} and kind = 'contact_way' and content is null and url is not null and removed_at is null
    order by id limit ${limit}`.execute(on)
  return rows
}

/** What calls taught about members; the answer is who changed. */
export async function learnAddable(
  tx: Tx,
  corpId: number,
  learnt: { readonly good: readonly string[]; readonly bad: readonly string[]; readonly reason: string },
): Promise<{ readonly mended: readonly string[]; readonly broken: readonly string[] }> {
  const { rows } = await sql<{ userid: string; addable: string }>`
    update staff set addable = case when userid = any(${[...learnt.bad]}::text[]) then 'no' else 'yes' end,
      addable_reason = case when userid = any(${[...learnt.bad]}::text[]) then ${learnt.reason} end
    where corp_id = ${corpId} and ((userid = any(${[...learnt.good]}::text[]) and addable <> 'yes')
      or (userid = any(${[...learnt.bad]}::text[]) and addable <> 'no'))
    returning userid, addable`.execute(tx)
  return {
    mended: rows.filter((row) => row.addable === 'yes').map((row) => row.userid),
    broken: rows.filter((row) => row.addable === 'no').map((row) => row.userid),
  }
}

export async function addableOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<{ readonly good: ReadonlySet<string>; readonly bad: ReadonlySet<string> }> {
  const rows = await on
    .selectFrom('staff')
    .select(['userid', 'addable'])
    .where('corp_id', '=', corpId)
    .where('userid', 'in', [...userids, ''])
    .execute()
  const having = (addable: string) => new Set(rows.filter((row) => row.addable === addable).map((row) => row.userid))
  return { good: having('yes'), bad: having('no') }
}

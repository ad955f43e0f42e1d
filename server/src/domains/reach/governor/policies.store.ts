import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { Policy } from './policy.schema.ts'

/** A policy as it counts at some moment. */
export interface StandingPolicy {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly place: number
  readonly rules: Policy
  /** The name of the audience that it is for. */
  readonly audience: string | null
  readonly since: Date
}

export interface PolicyVersion {
  readonly version: number
  readonly place: number
  readonly rules: Policy
  readonly note: string
  readonly by: string | null
  readonly createdAt: Date
}

interface By {
  /** null: the house itself. */
  readonly account: string | null
  readonly at: Date
}

/** The policies that counted at this moment, the first that speaks of somebody first: everybody's are last. */
export async function policiesAt(on: Executor, corpId: number, at: Date): Promise<readonly StandingPolicy[]> {
  const { rows } = await sql<StandingPolicy>`
    with turn as (
      select distinct on (t.policy_id) t.policy_id, t.version, t.at
      from touch_policies p join touch_policy_turns t on t.policy_id = p.id
      where p.corp_id = ${corpId} and t.at <= ${at} order by t.policy_id, t.id desc
    )
    select p.id, p.name, v.version, v.place, v.rules, a.name as audience, turn.at as since
    from turn join touch_policies p on p.id = turn.policy_id
    join touch_policy_versions v on v.policy_id = turn.policy_id and v.version = turn.version
    left join audiences a on v.rules->'whom'->>'is' = 'audience' and a.id = (v.rules->'whom'->>'id')::uuid and a.corp_id = ${corpId}
    order by v.rules->'whom' = 'null', v.place, p.id`.execute(on)
  return rows
}

/** Every version that a policy ever had, the latest first. */
export async function versionsOf(on: Executor, corpId: number, id: string): Promise<readonly PolicyVersion[]> {
  const { rows } = await sql<PolicyVersion>`
    select v.version, v.place, v.rules, v.note, v.created_at as "createdAt", a.name as by
    from touch_policies p join touch_policy_versions v on v.policy_id = p.id left join accounts a on a.id = v.created_by
    where p.corp_id = ${corpId} and p.id = ${id} order by v.version desc limit 100`.execute(on)
  return rows
}

type Given = { readonly place: number; readonly rules: Policy; readonly note: string }

export async function addPolicy(tx: Tx, corpId: number, name: string, given: Given, by: By): Promise<string> {
  const id = uuid()
  await tx.insertInto('touch_policies').values({ id, corp_id: corpId, name, created_at: by.at }).execute()
  await insertVersion(tx, id, 1, given, by)
  return id
}

/** What a policy is called, also one that has ended. */
export async function policyName(on: Executor, corpId: number, id: string): Promise<string | undefined> {
  const policy = on.selectFrom('touch_policies').select('name').where('id', '=', id).where('corp_id', '=', corpId)
  return (await policy.executeTakeFirst())?.name
}

/** Gives a corp that never had a policy this one; a corp that had one is left alone. */
export async function seedPolicy(db: Database, corpId: number, name: string, given: Given, at: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockPolicies(tx, corpId)
    const known = await tx.selectFrom('touch_policies').select('id').where('corp_id', '=', corpId).executeTakeFirst()
    if (known === undefined) await addPolicy(tx, corpId, name, given, { account: null, at })
  })
}

/** Adds a version, which counts from now on; undefined: somebody else added one meanwhile. */
export async function addVersion(tx: Tx, id: string, after: number, given: Given, by: By): Promise<number | undefined> {
  const { rows } = await sql<{ latest: number }>`
    select max(version) as latest from touch_policy_versions where policy_id = ${id}`.execute(tx)
  if (rows[0]?.latest !== after) return undefined
  await insertVersion(tx, id, after + 1, given, by)
  return after + 1
}

async function insertVersion(tx: Tx, id: string, version: number, { place, rules, note }: Given, by: By) {
  await sql`
    insert into touch_policy_versions (policy_id, version, place, rules, note, created_by, created_at)
    values (${id}, ${version}, ${place}, ${JSON.stringify(rules)}::jsonb, ${note}, ${by.account}, ${by.at})`.execute(tx)
  await turnPolicy(tx, id, version, by)
}

/** From now on this version counts; null: none does. */
export async function turnPolicy(tx: Tx, id: string, version: number | null, by: By): Promise<void> {
  await tx
    .insertInto('touch_policy_turns')
    .values({ policy_id: id, version, at: by.at, turned_by: by.account })
    .execute()
}

/** Changes of a corp's policies come one after the other: what may stand beside what is looked at before. */
export async function lockPolicies(tx: Tx, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.touchPolicies}, ${corpId})`.execute(tx)
}

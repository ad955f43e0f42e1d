import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'

export interface NewCallback {
  readonly corpId: number
  readonly accountId: string
  readonly key: Buffer
  readonly kind: string
  readonly openid: string
  readonly createdAt: Date
  readonly receivedAt: Date
  readonly body: string
}

/** Durable when this answers: for each position its id, or undefined for one that is known already. One statement. */
export async function keepCallbacks(
  on: Executor,
  callbacks: readonly NewCallback[],
): Promise<readonly (number | undefined)[]> {
  const { rows } = await sql<{ id: number; place: number }>`
    with given as materialized (
      select * from unnest(
        ${callbacks.map((_, place) => place)}::int[], ${callbacks.map((one) => one.corpId)}::int[],
        ${callbacks.map((one) => one.accountId)}::uuid[], ${callbacks.map((one) => one.key)}::bytea[],
        ${callbacks.map((one) => one.kind)}::text[], ${callbacks.map((one) => one.openid)}::text[],
        ${callbacks.map((one) => one.createdAt.toISOString())}::timestamptz[],
        ${callbacks.map((one) => one.receivedAt.toISOString())}::timestamptz[], ${callbacks.map((one) => one.body)}::text[]
      ) as given(place, corp_id, account_id, key, kind, openid, created_at, received_at, body)
    ), stored as (
      insert into weixin_callbacks (corp_id, account_id, key, kind, openid, created_at, received_at, body)
      select corp_id, account_id, key, kind, openid, created_at, received_at, body from given order by place
      on conflict (account_id, key) do nothing
      returning id, account_id, key
    )
    select stored.id, given.place from stored join given using (account_id, key)`.execute(on)
  const ids = new Map(rows.map(({ place, id }) => [place, id]))
  return callbacks.map((_, place) => ids.get(place))
}

export interface WaitingCallback {
  readonly id: number
  readonly body: string
}

/** Those of the account that wait, the first come first; others of us leave them alone until the transaction ends. */
export async function takeWaiting(tx: Tx, accountId: string, limit: number): Promise<readonly WaitingCallback[]> {
  const { rows } = await sql<WaitingCallback>`
    select id, body from weixin_callbacks where account_id = ${accountId} and handled_at is null
    order by id limit ${limit} for update skip locked`.execute(tx)
  return rows
}

export async function noteHandled(tx: Tx, ids: readonly number[], at: Date): Promise<void> {
  await sql`update weixin_callbacks set handled_at = ${at} where id = any(${[...ids]}::bigint[])`.execute(tx)
}

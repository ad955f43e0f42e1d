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

/** Durable when this answers; one that is known already changes nothing. */
export async function keepCallback(on: Executor, callback: NewCallback): Promise<void> {
  await on
    .insertInto('weixin_callbacks')
    .values({
      corp_id: callback.corpId,
      account_id: callback.accountId,
      key: callback.key,
      kind: callback.kind,
      openid: callback.openid,
      created_at: callback.createdAt,
      received_at: callback.receivedAt,
      body: callback.body,
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'key']).doNothing())
    .execute()
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

import { sql } from 'kysely'
import type { Executor, Tx } from '../db/database.ts'

export interface SealedToken {
  readonly sealed: Buffer
  readonly expiresAt: Date
}

/** Held to the end of the transaction: whoever fetches this app's token, the others of all processes wait for him. */
export async function lockToken(tx: Tx, appId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`access token ${appId}`}, 0))`.execute(tx)
}

export async function readToken(on: Executor, appId: string): Promise<SealedToken | undefined> {
  return on
    .selectFrom('access_tokens')
    .select(['token_sealed as sealed', 'expires_at as expiresAt'])
    .where('app_id', '=', appId)
    .executeTakeFirst()
}

export async function writeToken(on: Executor, appId: string, token: SealedToken): Promise<void> {
  const values = { token_sealed: token.sealed, expires_at: token.expiresAt }
  await on
    .insertInto('access_tokens')
    .values({ app_id: appId, ...values })
    .onConflict((conflict) => conflict.column('app_id').doUpdateSet(values))
    .execute()
}

export async function deleteToken(on: Executor, appId: string): Promise<void> {
  await on.deleteFrom('access_tokens').where('app_id', '=', appId).execute()
}

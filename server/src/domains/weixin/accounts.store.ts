import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor } from '../../infra/db/database.ts'
import type { TokenHome } from '../../infra/platform/tokens.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { AccountChange, AccountKind, CalledAccount, WeixinAccount } from './accounts.ts'

/** Makes or changes an account; answers its id. */
export async function saveAccount(on: Executor, vault: Vault, account: AccountChange, at: Date): Promise<string> {
  const sealed = (text: string | undefined) => (text === undefined ? null : vault.seal(text))
  const { corpId, kind, appid, name, secret, callback } = account
  const values = { kind, name }
  const secrets =
    secret === undefined
      ? undefined
      : {
          secret_sealed: vault.seal(secret),
          circuit_reason: null,
          access_token_sealed: null,
          access_token_ends: null,
        }
  const keys =
    callback === undefined
      ? undefined
      : { token_sealed: sealed(callback.token), aes_key_sealed: sealed(callback.aesKey), verified_at: null }
  if (secrets === undefined) {
    const known = await on
      .updateTable('weixin_accounts')
      .set({ ...values, ...keys })
      .where('corp_id', '=', corpId)
      .where('appid', '=', appid)
      .returning('id')
      .executeTakeFirst()
    if (known === undefined) throw new Error(`the account ${appid} has no secret yet`)
    return known.id
  }
  const { id } = await on
    .insertInto('weixin_accounts')
    .values({ id: uuid(), corp_id: corpId, appid, created_at: at, ...values, ...secrets, ...keys })
    .onConflict((conflict) => conflict.columns(['corp_id', 'appid']).doUpdateSet({ ...values, ...secrets, ...keys }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const shown = ['id', 'corp_id as corpId', 'kind', 'appid', 'name'] as const

function accountOf(row: Omit<WeixinAccount, 'kind'> & { readonly kind: string }): WeixinAccount {
  const { id, corpId, appid, name, kind } = row
  // the column's check allows these two only
  return { id, corpId, appid, name, kind: kind as AccountKind }
}

export async function allAccounts(on: Executor): Promise<readonly WeixinAccount[]> {
  const rows = await on.selectFrom('weixin_accounts').select(shown).orderBy('created_at').execute()
  return rows.map(accountOf)
}

export interface AccountStanding extends WeixinAccount {
  readonly hasCallback: boolean
  readonly circuit: string | null
  readonly verifiedAt: Date | null
  readonly lastCallbackAt: Date | null
  /** Of an Official Account: who follows now. */
  readonly followers: number
}

export async function accountsOfCorp(on: Executor, corpId: number): Promise<readonly AccountStanding[]> {
  const rows = await on
    .selectFrom('weixin_accounts as a')
    .select(['a.id', 'a.corp_id as corpId', 'a.kind', 'a.appid', 'a.name', 'a.circuit_reason', 'a.verified_at'])
    .select([
      sql<boolean>`a.token_sealed is not null`.as('hasCallback'),
      sql<Date | null>`(select max(received_at) from weixin_callbacks c where c.corp_id = a.corp_id and c.account_id = a.id)`.as(
        'lastCallbackAt',
      ),
      sql<number>`(select count(*) from weixin_people p where p.account_id = a.id and p.corp_id = a.corp_id
        and p.followed_at > coalesce(p.ended_at, '-infinity'))`.as('followers'),
    ])
    .where('a.corp_id', '=', corpId)
    .orderBy('a.created_at')
    .orderBy('a.kind', 'desc')
    .execute()
  return rows.map((row) => ({
    ...accountOf(row),
    hasCallback: row.hasCallback,
    circuit: row.circuit_reason,
    verifiedAt: row.verified_at,
    lastCallbackAt: row.lastCallbackAt,
    followers: Number(row.followers),
  }))
}

export async function findAccount(on: Executor, corpId: number, id: string): Promise<WeixinAccount | undefined> {
  const row = await on
    .selectFrom('weixin_accounts')
    .select(shown)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? undefined : accountOf(row)
}

export async function accountOfAppid(on: Executor, corpId: number, appid: string): Promise<WeixinAccount | undefined> {
  const row = await on
    .selectFrom('weixin_accounts')
    .select(shown)
    .where('corp_id', '=', corpId)
    .where('appid', '=', appid)
    .executeTakeFirst()
  return row === undefined ? undefined : accountOf(row)
}

/** The mini program of this appid; two brands do not have the same one. */
export async function miniProgram(on: Executor, appid: string): Promise<WeixinAccount | undefined> {
  const row = await on
    .selectFrom('weixin_accounts')
    .select(shown)
    .where('appid', '=', appid)
    .where('kind', '=', 'mini_program')
    .executeTakeFirst()
  return row === undefined ? undefined : accountOf(row)
}

/** The accounts that may call back: those that have keys. */
export async function calledAccounts(on: Executor, vault: Vault): Promise<readonly CalledAccount[]> {
  const rows = await on
    .selectFrom('weixin_accounts as a')
    .innerJoin('corps as c', 'c.id', 'a.corp_id')
    .select(['a.id', 'a.corp_id as corpId', 'c.corpid', 'a.kind', 'a.appid', 'a.name'])
    .select(['a.token_sealed', 'a.aes_key_sealed'])
    .where('a.token_sealed', 'is not', null)
    .execute()
  return rows.flatMap((row) => {
    if (row.token_sealed === null) return []
    const aesKey = row.aes_key_sealed === null ? undefined : vault.open(row.aes_key_sealed)
    const keys = { token: vault.open(row.token_sealed), aesKey, appId: row.appid }
    return [{ ...accountOf(row), corpid: row.corpid, keys }]
  })
}

export async function noteVerified(on: Executor, id: string, at: Date): Promise<void> {
  await on.updateTable('weixin_accounts').set({ verified_at: at }).where('id', '=', id).execute()
}

/** What a client of the account needs beside it; the secret stays sealed until it is used. */
export async function accountSecret(on: Executor, id: string): Promise<Buffer | undefined> {
  const row = await on.selectFrom('weixin_accounts').select('secret_sealed').where('id', '=', id).executeTakeFirst()
  return row?.secret_sealed
}

/** An account's access token and circuit stand with the account. */
export const accountTokens: TokenHome = {
  async read(on, id) {
    const row = await on
      .selectFrom('weixin_accounts')
      .select(['access_token_sealed as sealed', 'access_token_ends as expiresAt'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.sealed && row.expiresAt ? { sealed: row.sealed, expiresAt: row.expiresAt } : undefined
  },
  async write(on, id, { sealed, expiresAt }) {
    const values = { access_token_sealed: sealed, access_token_ends: expiresAt }
    await on.updateTable('weixin_accounts').set(values).where('id', '=', id).execute()
  },
  async remove(on, id) {
    const values = { access_token_sealed: null, access_token_ends: null }
    await on.updateTable('weixin_accounts').set(values).where('id', '=', id).execute()
  },
  async circuit(on, id) {
    const row = await on.selectFrom('weixin_accounts').select('circuit_reason').where('id', '=', id).executeTakeFirst()
    return row?.circuit_reason ?? undefined
  },
  async openCircuit(on, id, secretSealed, reason) {
    await on
      .updateTable('weixin_accounts')
      .set({ circuit_reason: reason })
      .where('id', '=', id)
      .where('secret_sealed', '=', secretSealed)
      .where('circuit_reason', 'is', null)
      .execute()
  },
  async closeCircuit(on, id) {
    await on.updateTable('weixin_accounts').set({ circuit_reason: null }).where('id', '=', id).execute()
  },
}

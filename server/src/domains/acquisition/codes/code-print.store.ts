import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Actor } from '../../../infra/auth/actor.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { channelInScope } from '../channels/channel-view.store.ts'
import type { Printable } from './code-content.ts'

export interface PrintChoice {
  readonly ids?: readonly string[] | undefined
  readonly group?: string | undefined
  readonly limit: number
  readonly after?: string | undefined
}

export interface PrintRow extends Printable {
  readonly storeName: string | null
  readonly storeCode: string | null
}

/** Channels to print, by id or group, with what their code holds and their logo. */
export async function printables(on: Executor, actor: Actor, choice: PrintChoice): Promise<readonly PrintRow[]> {
  const { rows } = await sql<Omit<PrintRow, 'logo'> & { picture: Buffer | null; mime: string | null }>`
    select c.id, c.kind, c.name, c.code, k.content, l.picture, l.mime, s.name as "storeName", s.code as "storeCode"
    from channels c
    left join channel_codes k on k.channel_id = c.id and k.userid = '' and k.removed_at is null
    left join channel_logos l on l.id = c.logo_id
    left join stores s on s.id = coalesce(c.routed_store_id, c.store_id)
    where c.corp_id = ${actor.corpId} and c.status <> 'deleted' and ${channelInScope(actor)}
      and ${choice.ids === undefined ? sql`true` : sql`c.id = any(${[...choice.ids]}::uuid[])`}
      and ${choice.group === undefined ? sql`true` : sql`c.group_name = ${choice.group}`}
      and ${choice.after === undefined ? sql`true` : sql`c.id > ${choice.after}::uuid`}
    order by c.id limit ${choice.limit}`.execute(on)
  return rows.map(({ picture, mime, ...row }) => ({
    ...row,
    logo: picture === null || mime === null ? undefined : { picture, mime },
  }))
}

/** Stores a logo once, however often it is uploaded. */
export async function saveLogo(on: Executor, corpId: number, picture: Buffer, mime: string, at: Date): Promise<string> {
  const digest = createHash('sha256').update(picture).digest()
  const { id } = await on
    .insertInto('channel_logos')
    .values({ id: uuid(), corp_id: corpId, sha256: digest, mime, picture, created_at: at })
    .onConflict((conflict) => conflict.columns(['corp_id', 'sha256']).doUpdateSet({ mime }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function findLogo(
  on: Executor,
  corpId: number,
  id: string,
): Promise<{ picture: Buffer; mime: string } | undefined> {
  return on
    .selectFrom('channel_logos')
    .select(['picture', 'mime'])
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

import { createHash } from 'node:crypto'
import type { MediaId } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor } from '../../../infra/db/database.ts'
import type { PlatformMedia } from './attachment.ts'

export type MediaKind = 'image' | 'video' | 'file'

export interface MediaAsset {
  readonly id: string
  readonly corpId: number
  readonly kind: MediaKind
  readonly fileName: string
  readonly mime: string
  readonly size: number
  readonly platformUrl: string | null
  readonly mediaUntil: Date | null
  readonly uploadError: string | null
  readonly createdAt: Date
}

/** The same bytes uploaded again are the same asset. */
export async function saveAsset(
  on: Executor,
  asset: { corpId: number; kind: MediaKind; fileName: string; mime: string; bytes: Buffer },
  at: Date,
): Promise<string> {
  const row = await on
    .insertInto('media_assets')
    .values({
      id: uuid(),
      corp_id: asset.corpId,
      kind: asset.kind,
      file_name: asset.fileName,
      mime: asset.mime,
      bytes: asset.bytes,
      sha256: createHash('sha256').update(asset.bytes).digest(),
      created_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(['corp_id', 'sha256', 'kind']).doUpdateSet({ file_name: asset.fileName }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

const columns = [
  'id',
  'corp_id as corpId',
  'kind',
  'file_name as fileName',
  'mime',
  'platform_url as platformUrl',
  'media_until as mediaUntil',
  'upload_error as uploadError',
  'created_at as createdAt',
] as const

export async function findAsset(on: Executor, corpId: number, id: string): Promise<MediaAsset | undefined> {
  const row = await on
    .selectFrom('media_assets')
    .select(columns)
    .select((eb) => eb.fn<number>('length', ['bytes']).as('size'))
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? undefined : { ...row, kind: row.kind as MediaKind }
}

export interface AssetFile {
  readonly bytes: Buffer
  readonly mime: string
  readonly fileName: string
  readonly kind: MediaKind
  readonly platformUrl: string | null
}

export async function assetBytes(on: Executor, corpId: number, id: string): Promise<AssetFile | undefined> {
  const row = await on
    .selectFrom('media_assets')
    .select(['bytes', 'mime', 'file_name as fileName', 'kind', 'platform_url as platformUrl'])
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? undefined : { ...row, kind: row.kind as MediaKind }
}

/** Assets of active welcomes and of campaigns that may still go out whose place at the platform ends before, or that have none. */
export async function assetsToRenew(on: Executor, corpId: number, before: Date): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with shown as (
      select v.bands::text as content from welcomes w join welcome_versions v on v.id = w.active_version
      where w.corp_id = ${corpId} and w.enabled
      union all
      select v.spec::text from campaigns c join campaign_versions v on v.campaign_id = c.id and v.version = c.version
      where c.corp_id = ${corpId} and not c.template and c.state in ('draft', 'waiting', 'approved', 'live')
    )
    select m.id from media_assets m
    where m.corp_id = ${corpId} and (m.media_until is null or m.media_until < ${before})
      and exists (select from shown where strpos(shown.content, m.id::text) > 0)
    limit 500`.execute(on)
  return rows.map((row) => row.id)
}

export async function noteUploaded(
  on: Executor,
  id: string,
  held: { platformUrl?: string; mediaId?: string; until?: Date },
): Promise<void> {
  await on
    .updateTable('media_assets')
    .set({
      upload_error: null,
      ...(held.platformUrl === undefined ? {} : { platform_url: held.platformUrl }),
      ...(held.mediaId === undefined ? {} : { media_id: held.mediaId, media_until: held.until ?? null }),
    })
    .where('id', '=', id)
    .execute()
}

export async function noteUploadFailed(on: Executor, id: string, reason: string): Promise<void> {
  await on.updateTable('media_assets').set({ upload_error: reason }).where('id', '=', id).execute()
}

/** Where the platform holds these assets now; a media id that has ended is none. */
export async function platformMedia(
  on: Executor,
  assetIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, PlatformMedia>> {
  if (assetIds.length === 0) return new Map()
  const rows = await on
    .selectFrom('media_assets')
    .select(['id', 'platform_url', 'media_id', 'media_until'])
    .where('id', 'in', [...assetIds])
    .execute()
  return new Map(
    rows.map((row) => [
      row.id,
      {
        picUrl: row.platform_url ?? undefined,
        mediaId:
          row.media_id !== null && row.media_until !== null && row.media_until > now
            ? (row.media_id as MediaId)
            : undefined,
      },
    ]),
  )
}

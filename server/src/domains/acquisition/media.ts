import { CallError, type Client, type LimitProfile } from '@nuanyu/wecom'
import type { Clock } from '../../infra/clock.ts'
import type { Database } from '../../infra/db/database.ts'
import { assetBytes, noteUploaded, noteUploadFailed } from './media.store.ts'

/** A media id is renewed this long before its end, so that no welcome meets a dead one. */
export const renewBeforeMs = 12 * 3_600_000

/**
 * Puts an asset at the platform ahead of time: pictures to a permanent address (uploadimg) while they are small enough,
 * and everything to a media id, which mini programs, videos and files need and which ends after its life.
 */
export async function uploadAsset(
  ports: { db: Database; clock: Clock },
  client: Client,
  limits: LimitProfile,
  corpId: number,
  id: string,
): Promise<boolean> {
  const asset = await assetBytes(ports.db, corpId, id)
  if (asset === undefined) return false
  const upload = { file: new Blob([new Uint8Array(asset.bytes)], { type: asset.mime }), filename: asset.fileName }
  try {
    const { media_id: mediaId } = await client.media.upload({ type: asset.kind, ...upload })
    const until = new Date(ports.clock.now().getTime() + Number(limits.value('media.ttl_s')) * 1000)
    const permanent =
      asset.kind === 'image' &&
      asset.platformUrl === null &&
      asset.bytes.length <= Number(limits.value('media.uploadimg_max_bytes'))
    const platformUrl = permanent ? (await client.media.uploadImage(upload)).url : undefined
    await noteUploaded(ports.db, id, { mediaId, until, ...(platformUrl === undefined ? {} : { platformUrl }) })
    return true
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    await noteUploadFailed(ports.db, id, error.message)
    return false
  }
}

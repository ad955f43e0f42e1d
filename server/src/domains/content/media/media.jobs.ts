import { CallError, type Client, type LimitProfile } from '@nuanyu/wecom'
import type { Clock } from '../../../infra/clock.ts'
import type { Database } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { assetBytes, assetsToRenew, noteUploaded, noteUploadFailed } from './media.store.ts'

/** A media id is renewed this long before its end, so that nothing that goes out meets a dead one. */
const renewBeforeMs = 12 * 3_600_000

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

const kind = 'media.renew'
const everyMs = 3_600_000

/** Renews the media of active welcomes and of campaigns that may still go out before their life at the platform ends: every hour of business time. */
export function defineMediaUpkeep(services: Services): void {
  const { db, clock, due, platform, log } = services
  due.define(kind, async (items, tx) => {
    for (const { corpId } of items) {
      renew(corpId).catch((error: unknown) => log.warn({ err: error, corpId }, 'media could not be renewed'))
    }
    const at = new Date(clock.now().getTime() + everyMs)
    await due.schedule(
      tx,
      items.map(({ corpId }) => ({ corpId, kind, key: String(corpId), at })),
    )
  })

  async function renew(corpId: number): Promise<void> {
    const client = await platform.forCorp(corpId)
    if (client === undefined) return
    const limits = await platform.limits(corpId)
    const ids = await assetsToRenew(db, corpId, new Date(clock.now().getTime() + renewBeforeMs))
    for (const id of ids) await uploadAsset({ db, clock }, client, limits, corpId, id)
    if (ids.length > 0) log.info({ corpId, renewed: ids.length }, 'media were renewed at the platform')
  }
}

/** Called for each connected corp at the start. */
export async function scheduleMediaUpkeep(services: Services, corpId: number): Promise<void> {
  await services.due.schedule(services.db, [{ corpId, kind, key: String(corpId), at: services.clock.now() }])
}

import type { Client, MediaId } from '@nuanyu/wecom'
import type { Executor } from '../../../infra/db/database.ts'
import { assetBytes } from './media.store.ts'

/**
 * Puts these assets where Moments take their media from (95098), which is another place than that of messages; by asset.
 * They live for three days and a Moment is asked for at once, so it is done each time and nothing is kept. What is not there
 * any more is left out; what the platform refuses is thrown.
 */
export async function uploadForMoment(
  on: Executor,
  client: Client,
  corpId: number,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, MediaId>> {
  const held = new Map<string, MediaId>()
  for (const id of new Set(assetIds)) {
    const asset = await assetBytes(on, corpId, id)
    if (asset === undefined) continue
    const file = new Blob([new Uint8Array(asset.bytes)], { type: asset.mime })
    const { media_id } = await client.media.uploadAttachment({
      ...{ media_type: asset.kind, attachment_type: 1, file, filename: asset.fileName },
    })
    held.set(id, media_id)
  }
  return held
}

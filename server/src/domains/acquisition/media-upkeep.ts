import type { Services } from '../../infra/services.ts'
import { assetsToRenew } from './media.store.ts'
import { renewBeforeMs, uploadAsset } from './media.ts'

const kind = 'media.renew'
const everyMs = 3_600_000

/** Renews the media of active welcomes before their life at the platform ends: every hour of business time. */
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

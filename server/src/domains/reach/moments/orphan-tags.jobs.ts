import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { nextTimeOfDay } from '../../../infra/zone.ts'
import { listPassingTags, removePassingTag } from '../../tags/index.ts'
import { orphansOf } from './orphan-tags.ts'
import { ownTagsInUse } from './own-tags.store.ts'

const kind = 'moment.orphan_tags'
/** Before the night's check of tags. */
const sweepMinute = 4 * 60 + 30

/** Sweeps every night what is left of tags of Moments whose run is over, or known to nobody any more. */
export function defineOrphanTags(services: Services): void {
  const { due, log } = services
  due.define(kind, async (items, tx) => {
    for (const { corpId } of items) {
      await scheduleOrphanTags(services, tx, corpId)
      sweepOrphanTags(services, corpId).catch((error: unknown) =>
        log.warn({ err: error, corpId }, 'tags of Moments that are over were not swept; tried again tomorrow'),
      )
    }
  })
}

export async function scheduleOrphanTags(
  { clock, due }: Pick<Services, 'clock' | 'due'>,
  on: Executor,
  corpId: number,
): Promise<void> {
  const at = nextTimeOfDay(clock.now(), sweepMinute, await zoneOfCorp(on, corpId))
  await due.schedule(on, [{ corpId, kind, key: String(corpId), at }])
}

/**
 * Takes from WeCom the tags of Moments that no run goes on with: one of which the house does not know that it was made, or that
 * was made twice, or whose run a restored database has forgotten. Their customers would carry them for good.
 */
export async function sweepOrphanTags(
  needs: Pick<Services, 'db' | 'clock' | 'effects' | 'platform' | 'log'>,
  corpId: number,
): Promise<number> {
  const { db, clock, platform, log } = needs
  const client = await platform.forCorp(corpId)
  if (client === undefined) return 0
  const standing = await listPassingTags(client)
  // what is in use is asked after what stands: a tag is known before it is made
  const orphans = orphansOf(standing, await ownTagsInUse(db, corpId), clock.now())
  for (const { id, name } of orphans) {
    await removePassingTag(needs, corpId, id)
    log.warn({ corpId, tag: name }, 'a tag of a Moment stood for no run any more: deleted')
  }
  return orphans.length
}

import type { WecomEvent } from '@nuanyu/wecom'
import type { Services } from '../../../infra/services.ts'
import { raiseAlarms } from '../../insights/index.ts'
import { channelsOfLinks, markQuotaOld, noteLostLinks } from './link.store.ts'
import { lostLink, unavailableLink } from './link-alarms.ts'

const quotaKinds: ReadonlySet<string> = new Set([
  'link.balance_low',
  'link.balance_exhausted',
  'link.balance_increased',
  'link.quota_expire_soon',
])

interface Heard {
  readonly corpId: number
  readonly event: WecomEvent
}

/** What the platform says of acquisition links: the quota is read anew, a link that adds nobody or is gone is alarmed. */
export async function handleLinkCallbacks(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  heard: readonly Heard[],
): Promise<void> {
  const links = heard.filter(({ event }) => event.kind.startsWith('link.'))
  const at = clock.now()
  for (const corpId of new Set(links.map((one) => one.corpId))) {
    const events = links.filter((one) => one.corpId === corpId).map((one) => one.event)
    if (events.some((event) => quotaKinds.has(event.kind))) await markQuotaOld(db, corpId)
    const unavailable = events.flatMap((event) => (event.kind === 'link.link_unavailable' ? [event.linkId] : []))
    const lost = events.flatMap((event) => (event.kind === 'link.delete_link' ? [event.linkId] : []))
    if (unavailable.length + lost.length === 0) continue
    const channels = await channelsOfLinks(db, corpId, [...unavailable, ...lost])
    await db.transaction().execute(async (tx) => {
      const of = (ids: readonly string[]) => channels.filter((channel) => ids.includes(channel.linkId))
      await noteLostLinks(tx, corpId, of(lost), at)
      await raiseAlarms(
        tx,
        [
          ...of(unavailable).map((one) => unavailableLink(corpId, one)),
          ...of(lost).map((one) => lostLink(corpId, one)),
        ],
        at,
      )
    })
  }
}

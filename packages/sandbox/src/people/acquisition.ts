import type { Platform } from '../platform.ts'
import { seconds } from '../platform.ts'
import type { AcquisitionLink, LinkQuota } from '../world/codes.ts'

/** Quota that has not lapsed. */
export function linkBalance({ world, clock }: Platform): number {
  const nowS = clock.now() / 1000
  return world.codes.quotas.reduce((sum, quota) => sum + (quota.expiresAt > nowS ? quota.balance : 0), 0)
}

/** One customer gained by a link costs one of the quota that lapses first; low and empty quota are called back [97299]. */
export function gainedByLink(platform: Platform, link: AcquisitionLink, state: string, row: number): void {
  const { world, settings, callbacks } = platform
  const nowS = seconds(platform)
  world.codes.cameByLink.set(row, { linkId: link.linkId, messages: 0 })
  // Only some industries are told of requests; the same that may set a priority.
  if (settings.value.corp.linkPriorityAllowed) {
    const event = { kind: 'link.friend_request' as const, linkId: link.linkId, ...(state === '' ? {} : { state }) }
    callbacks.announce({ family: 'acquisition', event, onlyApp: link.appKey })
  }
  const quota = world.codes.quotas
    .filter((one) => one.expiresAt > nowS && one.balance > 0)
    .sort((a, b) => a.expiresAt - b.expiresAt)[0]
  if (quota === undefined) return
  quota.balance--
  world.codes.quotaUsed++
  const balance = linkBalance(platform)
  if (balance === 0) tell(platform, 'link.balance_exhausted')
  else if (balance === settings.limits.value('link.balance_low') - 1) tell(platform, 'link.balance_low')
}

/** Which messages of a customer the app of his link is told of [97299]. */
const TOLD_MESSAGES = [3, 5, 10]

/** A customer who came by a link writes: his first message is called back, and the 3rd, 5th and 10th. */
export function wroteAfterLink(platform: Platform, row: number): void {
  const { world, callbacks } = platform
  const came = world.codes.cameByLink.get(row)
  const link = came === undefined ? undefined : world.codes.links.get(came.linkId)
  if (came === undefined || link === undefined) return
  came.messages++
  const customer = world.relations.customerOf(row)
  if (came.messages === 1 && !world.customers.isWecom(customer)) {
    const event = {
      kind: 'link.customer_start_chat' as const,
      userId: world.staff.at(world.relations.staffOf(row))?.userid ?? '',
      externalUserId: world.customers.externalUserId(customer),
      linkId: link.linkId,
    }
    callbacks.announce({ family: 'acquisition', event, onlyApp: link.appKey })
  }
  if (TOLD_MESSAGES.includes(came.messages)) {
    // Without ids since 2024-12-19.
    const event = {
      kind: 'link.message_from_customer' as const,
      linkId: link.linkId,
      chatKey: world.newId('CHATKEY', 40),
    }
    callbacks.announce({ family: 'acquisition', event, onlyApp: link.appKey })
  }
}

/** Nobody of the link can be added any more: its app is told once. */
export function linkUnavailable({ callbacks }: Platform, link: AcquisitionLink): void {
  if (link.unavailable) return
  link.unavailable = true
  const event = { kind: 'link.link_unavailable' as const, linkId: link.linkId }
  callbacks.announce({ family: 'acquisition', event, onlyApp: link.appKey })
}

/** The corp bought quota: it lapses at midnight of its date, warned of 14, 7, 3, 2 and 1 days before [97299]. */
export function buyQuota(platform: Platform, balance: number, expiresAt: number): void {
  const { world } = platform
  const before = linkBalance(platform)
  const quota = { balance, expiresAt }
  world.codes.quotas.push(quota)
  if (before === 0 && balance > 0) tell(platform, 'link.balance_increased')
  warnOfLapse(platform, quota)
}

/** Sets the clock for the warnings that are still to come. */
export function warnOfLapse(platform: Platform, quota: LinkQuota): void {
  const { clock, callbacks } = platform
  for (const days of WARNED_DAYS) {
    const atMs = (quota.expiresAt - days * 86_400) * 1000
    if (atMs <= clock.now()) continue
    clock.setTimer(atMs, () => {
      if (quota.balance === 0) return
      for (const app of linkApps(platform)) {
        const event = {
          kind: 'link.quota_expire_soon' as const,
          expireTime: quota.expiresAt,
          expireQuota: quota.balance,
        }
        callbacks.announce({ family: 'acquisition', event, onlyApp: app })
      }
    })
  }
}

const WARNED_DAYS = [14, 7, 3, 2, 1]

function tell(
  platform: Platform,
  kind: 'link.balance_low' | 'link.balance_exhausted' | 'link.balance_increased',
): void {
  for (const app of linkApps(platform))
    platform.callbacks.announce({ family: 'acquisition', event: { kind }, onlyApp: app })
}

/** Link events go to the apps that made links [97299]. */
function linkApps({ world }: Platform): Set<string> {
  return new Set([...world.codes.links.values()].filter((link) => !link.deleted).map((link) => link.appKey))
}

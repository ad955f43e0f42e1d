import type { Platform } from '../platform.ts'
import { seconds } from '../platform.ts'
import type { AcquisitionLink } from '../world/codes.ts'

/** Quota that has not lapsed. */
export function linkBalance({ world, clock }: Platform): number {
  const nowS = clock.now() / 1000
  return world.codes.quotas.reduce((sum, quota) => sum + (quota.expiresAt > nowS ? quota.balance : 0), 0)
}

/** One customer gained by a link costs one of the quota that lapses first; low and empty quota are called back [97299]. */
export function spendQuota(platform: Platform, link: AcquisitionLink, state: string): void {
  const { world, settings, callbacks } = platform
  const nowS = seconds(platform)
  const quota = world.codes.quotas
    .filter((one) => one.expiresAt > nowS && one.balance > 0)
    .sort((a, b) => a.expiresAt - b.expiresAt)[0]
  callbacks.announce({
    family: 'acquisition',
    event: { kind: 'link.friend_request', linkId: link.linkId, state },
    onlyApp: link.appKey,
  })
  if (quota === undefined) return
  quota.balance--
  world.codes.quotaUsed++
  const balance = linkBalance(platform)
  const low = settings.limits.value('link.balance_low')
  if (balance === 0) tell(platform, 'link.balance_exhausted')
  else if (balance === low - 1) tell(platform, 'link.balance_low')
}

/** The corp bought quota: it lapses at midnight of its date, warned of 14, 7, 3, 2 and 1 days before [97299]. */
export function buyQuota(platform: Platform, balance: number, expiresAt: number): void {
  const { world, clock } = platform
  const before = linkBalance(platform)
  const quota = { balance, expiresAt }
  world.codes.quotas.push(quota)
  if (before === 0 && balance > 0) tell(platform, 'link.balance_increased')
  for (const days of WARNED_DAYS) {
    const atMs = (expiresAt - days * 86_400) * 1000
    if (atMs <= clock.now()) continue
    clock.setTimer(atMs, () => {
      if (quota.balance === 0) return
      for (const app of linkApps(platform)) {
        platform.callbacks.announce({
          family: 'acquisition',
          event: { kind: 'link.quota_expire_soon', expireTime: expiresAt, expireQuota: quota.balance },
          onlyApp: app,
        })
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

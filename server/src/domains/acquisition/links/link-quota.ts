import type { Alarm } from '../../insights/index.ts'

/** The bought quota of acquisition links, and what a person must know about it in time. */

export interface LinkQuota {
  readonly total: number
  readonly balance: number
  readonly lots: readonly { readonly expiresAt: Date; readonly balance: number }[]
}

export const quotaKind = 'links.quota'
const soonMs = 14 * 86_400_000
const path = '/acquisition/channels'

/** The platform itself warns below `low`; we add what expires within 14 days. */
export function quotaAlarms(corpId: number, quota: LinkQuota, low: number, at: Date): readonly Alarm[] {
  const alarms: Alarm[] = []
  const advice = {
    zh: '到「管理后台 > 客户与上下游 > 获客助手」购买使用量；用完后获客链接无法添加。',
    en: 'Buy more in Admin console > Customer acquisition; when it is used up, links add nobody.',
  }
  const subject = { type: 'corp', id: String(corpId), path }
  if (quota.balance === 0) {
    alarms.push({
      corpId,
      kind: quotaKind,
      key: `${quotaKind}:balance`,
      severity: 'red',
      title: {
        zh: '获客链接使用量已用完，扫码和点击都加不上',
        en: 'The quota of acquisition links is used up: nobody can be added',
      },
      advice,
      subject,
    })
  } else if (quota.balance < low) {
    alarms.push({
      corpId,
      kind: quotaKind,
      key: `${quotaKind}:balance`,
      severity: 'red',
      title: {
        zh: `获客链接使用量只剩 ${quota.balance} 次`,
        en: `${quota.balance} left of the quota of acquisition links`,
      },
      advice,
      subject,
    })
  }
  const expiring = quota.lots.filter(
    (lot) => lot.balance > 0 && lot.expiresAt.getTime() - at.getTime() <= soonMs && lot.expiresAt > at,
  )
  if (expiring.length > 0) {
    const sum = expiring.reduce((total, lot) => total + lot.balance, 0)
    const first = Math.min(...expiring.map((lot) => lot.expiresAt.getTime()))
    const days = Math.max(0, Math.ceil((first - at.getTime()) / 86_400_000))
    alarms.push({
      corpId,
      kind: quotaKind,
      key: `${quotaKind}:expiry`,
      severity: 'amber',
      title: {
        zh: `获客链接有 ${sum} 次使用量将在 ${days} 天内开始过期`,
        en: `${sum} of the quota of acquisition links begin to expire in ${days} days`,
      },
      advice: {
        zh: '优先投放获客链接渠道，用掉快过期的使用量。',
        en: 'Give the link channels preference while it lasts.',
      },
      subject,
    })
  }
  return alarms
}

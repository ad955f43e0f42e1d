import { describe, expect, it } from 'vitest'
import { quotaAlarms } from './link-quota.ts'

const at = new Date('2026-11-23T10:00:00+08:00')
const inDays = (days: number) => new Date(at.getTime() + days * 86_400_000)
const kinds = (balance: number, lots: { expiresAt: Date; balance: number }[] = []) =>
  quotaAlarms(1, { total: 0, balance, lots }, 20, at).map((alarm) => `${alarm.severity} ${alarm.title.zh}`)

describe('the quota of acquisition links', () => {
  it('is no matter while there is plenty', () => {
    expect(kinds(20, [{ expiresAt: inDays(15), balance: 20 }])).toEqual([])
  })
  it('low and used up are told apart', () => {
    expect(kinds(19)).toEqual(['red 获客链接使用量只剩 19 次'])
    expect(kinds(0)).toEqual(['red 获客链接使用量已用完，扫码和点击都加不上'])
  })
  it('what expires within 14 days is said with how much and when, an empty or past lot is not', () => {
    const lots = [
      { expiresAt: inDays(3), balance: 40 },
      { expiresAt: inDays(13), balance: 60 },
      { expiresAt: inDays(2), balance: 0 },
      { expiresAt: inDays(-1), balance: 5 },
    ]
    expect(kinds(500, lots)).toEqual(['amber 获客链接有 100 次使用量将在 3 天内开始过期'])
  })
})

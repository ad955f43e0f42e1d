import { describe, expect, it } from 'vitest'
import { sound } from '../campaigns/campaign-stage.ts'
import { outgrown } from './approval.ts'
import { approvalCard } from './approval-card.ts'

const settings = { oneApprovalMost: 1_000 }
const now = (recipients: number, tiers = false) => ({ recipients, tiers })

describe('what was agreed to', () => {
  it.each([
    ['as many as then', { recipients: 500, needed: 1 }, now(500), undefined],
    ['fewer', { recipients: 500, needed: 1 }, now(10), undefined],
    ['a few more', { recipients: 500, needed: 1 }, now(700), undefined],
    ['more than one person may agree to', { recipients: 900, needed: 1 }, now(1_001), 'people'],
    ['a tier for which two must agree', { recipients: 500, needed: 1 }, now(500, true), 'tiers'],
    ['that tier, of which two agreed', { recipients: 500, needed: 2 }, now(500, true), undefined],
    ['more than half again as many', { recipients: 10_000, needed: 2 }, now(15_001), 'growth'],
    ['half again as many', { recipients: 10_000, needed: 2 }, now(15_000), undefined],
    ['twice as many of a few', { recipients: 60, needed: 1 }, now(120), undefined],
  ] as const)('is asked again when a run reaches %s', (_, agreed, reached, why) => {
    expect(outgrown(agreed, reached, settings)).toBe(why)
  })
})

it('the card by which somebody is asked says whether caps and refusals count', () => {
  const kindOf = (marketing: boolean) => {
    const asked = { author: '小李', recipients: 3, needed: 1 }
    const card = approvalCard({ spec: { ...sound, marketing } }, asked, { taskId: 't', url: 'u', title: '请审批' })
    return card.horizontal_content_list?.find(({ keyname }) => keyname === '性质')?.value
  }
  expect([kindOf(true), kindOf(false)]).toEqual(['营销消息', '服务通知：不看频次和拒收'])
})

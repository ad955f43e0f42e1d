import { limitProfile } from '@nuanyu/wecom'
import { describe, expect, it } from 'vitest'
import type { Attachment } from '../../content/index.ts'
import type { CampaignSpec } from './campaign.schema.ts'
import { sound } from './campaign-stage.ts'
import { checkCampaign } from './checks.ts'
import { tagsOf } from './moment.checks.ts'

const asset = '0198f000-0000-7000-8000-000000000001'
const problems = (more: Partial<CampaignSpec>) =>
  checkCampaign(
    { ...sound, kind: 'moment', ...more },
    {
      ...{ limits: limitProfile(), brand: '鲜果连锁', longestLink: 'https://n.example/l/xxxx' },
      ...{ preferences: 'https://n.example/p/abc', forbidden: () => [], now: new Date('2026-11-11T02:00:00Z') },
      ...{ zone: 'Asia/Shanghai', audiences: new Set(), stores: new Set(), sets: new Set(), quiet: [] },
      ...{ assets: new Set([asset]), tags: new Set(['etNEW']) },
    },
  ).map(({ field, problem }) => `${field} ${problem}`)
const showing = (text: string, attachments: readonly Attachment[] = []) =>
  problems({ variants: [{ name: 'A', content: { text, attachments: [...attachments] }, for: null, share: 100 }] })
const picture = { kind: 'image' as const, asset_id: asset }
const link = { kind: 'link' as const, title: '新品', url: 'https://s.cn', desc: '', picurl: '' }
const here = 'variants.0.content'

describe('the check of a Moment', () => {
  it('finds nothing in a sound one, by an audience or by tags', () => {
    expect(problems({})).toEqual([])
    expect(problems({ whom: null, holdout_permille: 0, moment: { tags: ['etNEW'] } })).toEqual([])
  })

  it('by tags leaves nobody out, holds nobody out, compares nothing, and takes tags that stand', () => {
    const tagged = {
      moment: { tags: ['etGONE'] },
      holdout_permille: 50,
      variants: [...sound.variants, ...sound.variants],
    }
    expect(problems(tagged)).toEqual(
      expect.arrayContaining([
        'moment.tags.0 unknown_tag',
        'whom tags_or_whom',
        'variants one_for_tags',
        'moment.tags not_for_tags',
      ]),
    )
    const most = { set: null, most: 5 }
    expect(problems({ whom: null, holdout_permille: 0, senders: most, moment: { tags: ['etNEW'] } })).toEqual([
      'moment.tags not_for_tags',
    ])
    // tags mean something in a Moment only
    expect(tagsOf({ kind: 'customer_send', moment: { tags: ['etNEW'] } })).toEqual([])
    expect(problems({ kind: 'customer_send', moment: { tags: [] } })).toEqual(['moment other_kind'])
  })

  it('holds pictures, or one video, or one link with its cover; no files and no mini programs', () => {
    const text = '{品牌}{少打扰}'
    expect(showing(text, Array(9).fill(picture))).toEqual([])
    expect(showing(text, Array(10).fill(picture))).toEqual([`${here}.attachments too_many`])
    expect(showing(text, Array(2).fill({ ...picture, kind: 'video' }))).toEqual([`${here}.attachments too_many`])
    expect(showing(text, [{ ...link, asset_id: asset }])).toEqual([])
    expect(showing(text, [link])).toEqual([`${here}.attachments.0.asset_id no_cover`])
    expect(showing(text, [picture, { ...link, asset_id: asset }])).toEqual([`${here}.attachments one_sort`])
    expect(showing(text, [{ ...picture, kind: 'file' }])).toEqual([`${here}.attachments.0 not_in_moments`])
    const card = { kind: 'miniprogram' as const, title: '商城', appid: 'wx', page: 'p', asset_id: asset }
    expect(showing(text, [card])).toEqual([`${here}.attachments.0 not_in_moments`])
  })

  it('counts characters beside bytes, and says whose it is and how to refuse as any marketing', () => {
    expect(showing(`{品牌}{少打扰}${'a'.repeat(2_000)}`)).toEqual([`${here}.text too_many_chars`])
    expect(showing(`{品牌}{少打扰}${'好'.repeat(1_400)}`)).toEqual([`${here}.text too_long`])
    expect(showing('新品到店')).toEqual([`${here}.text no_identity`, `${here}.text no_refusal`])
  })

  it('names no member: one content goes out through all of them', () => {
    expect(showing('{品牌}{少打扰} https://s.cn/?by={员工ID}')).toEqual([`${here}.text one_for_members`])
  })
})

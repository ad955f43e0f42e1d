import { limitProfile } from '@nuanyu/wecom'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CampaignSpec } from './campaign.schema.ts'
import { sound } from './campaign-stage.ts'
import { type CheckFacts, checkCampaign, longestText } from './checks.ts'
import { longestSender, urlsOf } from './content.ts'
import { forbiddenIn } from './forbidden.ts'

const facts: CheckFacts = {
  limits: limitProfile(),
  brand: '鲜果连锁',
  longestLink: `https://nuanyu.example/l/${'x'.repeat(20)}`,
  preferences: 'https://nuanyu.example/p/abc',
  forbidden: forbiddenIn([{ word: '躺赚', advice: '请写明收益来源' }], '鲜果连锁'),
  now: new Date('2026-11-11T02:00:00Z'),
  zone: 'Asia/Shanghai',
  audiences: new Set(),
  stores: new Set(),
  sets: new Set(),
  assets: new Set(),
  tags: new Set(),
  quiet: [{ policy: '全部客户', from: 22 * 60, until: 8 * 60 }],
}
const problems = (more: Partial<CampaignSpec>, given = facts) =>
  checkCampaign({ ...sound, ...more }, given).map((one) => `${one.field} ${one.problem}${one.stops ? '' : ' (hint)'}`)
const saying = (text: string, more: Partial<CampaignSpec> = {}) =>
  problems({ ...more, variants: [{ name: 'A', content: { text, attachments: [] }, for: null, share: 100 }] })
const somebody = '0198f000-0000-7000-8000-000000000001'

describe('the check of a campaign', () => {
  it('finds nothing in a sound one', () => {
    expect(problems({})).toEqual([])
  })

  it('asks for a goal, for whom, and for things that exist', () => {
    expect(problems({ goal: null, whom: null })).toEqual(['goal no_goal', 'whom no_whom'])
    expect(problems({ goal: { metric: 'event', window_hours: 1, baseline: null } })).toEqual([
      'goal.event event_unnamed',
      'goal.baseline no_baseline (hint)',
    ])
    expect(problems({ whom: { audience: somebody }, senders: { set: somebody, most: null } })).toEqual([
      'whom unknown_audience',
      'senders.set unknown_set',
    ])
    const inside = { rule: { all: [{ not: { is: 'audience' as const, id: somebody } }] } }
    expect(problems({ exclusions: [{ name: '老客', whom: inside }] })).toEqual(['exclusions.0.whom unknown_audience'])
    // an exclusion of everybody is a mistake, a send to everybody is not
    expect(problems({ exclusions: [{ name: '空', whom: { rule: { all: [] } } }] })).toEqual([
      'exclusions.0.whom bad_rule',
    ])
  })

  it('stops a marketing message that does not say whose it is or how to refuse; a service message may go without', () => {
    expect(saying('新品到店')).toEqual(['variants.0.content.text no_identity', 'variants.0.content.text no_refusal'])
    expect(saying('鲜果连锁新品 {少打扰}')).toEqual([])
    expect(saying('您预约的提货时间到了', { marketing: false })).toEqual([])
  })

  it('counts UTF-8 bytes with the brand and the longest links, to the byte', () => {
    const around = '{品牌}{少打扰}https://s.cn '
    const room = 4_000 - Buffer.byteLength(`${facts.brand}${facts.preferences}${facts.longestLink} `)
    expect(saying(`${around}${'a'.repeat(room)}`)).toEqual([])
    expect(saying(`${around}${'a'.repeat(room + 1)}`)).toEqual(['variants.0.content.text too_long'])
    expect(saying(`${around}${'好'.repeat(Math.floor(room / 3) + 1)}`)).toEqual(['variants.0.content.text too_long'])
  })

  it('counts who sends as long as his id can be, and an address in which he stands as the one link that it becomes', () => {
    const around = '{品牌}{少打扰} 工号{员工ID} https://s.cn/{员工ID}/of?from=a-long-campaign-name-that-nobody-counts '
    const said = `${facts.brand}${facts.preferences} 工号${longestSender} ${facts.longestLink} `
    const room = 4_000 - Buffer.byteLength(said)
    expect(saying(`${around}${'a'.repeat(room)}`)).toEqual([])
    expect(saying(`${around}${'a'.repeat(room + 1)}`)).toEqual(['variants.0.content.text too_long'])
  })

  it('never counts fewer bytes than any rendering has', () => {
    const piece = fc.constantFrom('{品牌}', '{少打扰}', 'https://s.cn/a ', '好', 'https://long.example/path?q=1，', 'x')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 0, max: 20 }), (pieces, shorter) => {
        const content = { text: pieces.join(''), attachments: [] }
        const longest = Buffer.byteLength(longestText(content, facts))
        const link = facts.longestLink.slice(0, facts.longestLink.length - shorter)
        const other = Buffer.byteLength(longestText(content, { ...facts, longestLink: link }))
        expect(other).toBeLessThanOrEqual(longest)
        expect(urlsOf(content).length).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('finds absolute words and the corp’s own, not the innocent words that hold them nor the brand’s name', () => {
    const found = forbiddenIn([{ word: '躺赚', advice: '写明来源' }], '第一医药')
    expect(found('最近最后一天，第一时间到第一医药')).toEqual([])
    expect(found('全网最低，国家级品质，躺赚')).toMatchObject(
      expect.arrayContaining([
        { word: '全网最低', advice: undefined },
        { word: '国家级', advice: undefined },
        { word: '躺赚', advice: '写明来源' },
      ]),
    )
    // the same word in wide letters, in capitals, or with gaps that nobody reads is the same word; a line ends one
    const loud = forbiddenIn([{ word: 'Free', advice: '写明条件' }], '第一医药')
    for (const text of ['FREE', 'ｆｒｅｅ', 'fr\u200bee', '全场free送'])
      expect([text, loud(text)]).toEqual([text, [{ word: 'Free', advice: '写明条件' }]])
    for (const text of ['第 一', '第\u3000一', '第\u200b一', '１００％有效'])
      expect([text, loud(text).length]).toEqual([text, 1])
    for (const text of ['for eels', '次第\n一起来', '第 一 医 药', '最 近 上新'])
      expect([text, loud(text)]).toEqual([text, []])
    expect(forbiddenIn([{ word: '最近', advice: '' }], '')('最近').map(({ word }) => word)).toContain('最近')
    expect(saying('{品牌}{少打扰}销量第一')).toEqual(['variants.0.content.text forbidden_word'])
  })

  it('holds attachments to the platform’s number and shape', () => {
    const link = { kind: 'link' as const, title: '', url: 'shop', desc: '最好吃', picurl: '' }
    const content = { text: '{品牌}{少打扰}', attachments: [link, { kind: 'image' as const, asset_id: somebody }] }
    const with_ = (attachments: typeof content.attachments) => [
      { name: 'A', content: { ...content, attachments }, for: null, share: 100 },
    ]
    expect(problems({ variants: with_(content.attachments) })).toEqual([
      'variants.0.content.attachments.0.title empty',
      'variants.0.content.attachments.0.url bad_url',
      'variants.0.content.attachments.0.title forbidden_word',
      'variants.0.content.attachments.1.asset_id unknown_asset',
    ])
    const fine = { ...link, title: '新品', url: 'https://s.cn', desc: '' }
    expect(problems({ variants: with_(Array(10).fill(fine)) })).toEqual(['variants.0.content.attachments too_many'])
  })

  it('wants shares of a whole and names apart', () => {
    const [one] = sound.variants
    if (one === undefined) throw new Error('a sound campaign says something')
    expect(
      problems({
        variants: [
          { ...one, share: 50 },
          { ...one, share: 40 },
        ],
      }),
    ).toEqual(['variants shares', 'variants.1.name same_name'])
    expect(problems({ variants: [{ ...one, for: { audience: somebody } }] })).toEqual([
      'variants.0.for unknown_audience',
      'variants nobody_left (hint)',
    ])
  })

  it('knows what has passed, what never comes, and windows that policies keep quiet', () => {
    const day = 24 * 60
    expect(problems({ schedule: { kind: 'at', at: '2026-11-11T09:59:00+08:00' } })).toEqual(['schedule.at past'])
    const mondays = { kind: 'recurring' as const, weekdays: [0], minutes: [600], until: '2026-11-15' }
    expect(problems({ schedule: mondays })).toEqual(['schedule never'])
    expect(problems({ schedule: { ...mondays, until: '2026-11-10' } })).toEqual(['schedule.until past'])
    expect(problems({ window: { from: 23 * 60, until: 60 } })).toEqual(['window window_all_quiet'])
    expect(problems({ window: { from: 7 * 60, until: 20 * 60 } })).toEqual(['window window_quiet (hint)'])
    expect(problems({ window: { from: 9 * 60, until: 20 * 60 } })).toEqual([])
    expect(problems({ window: { from: 540, until: 540 } })).toEqual(['window window_empty'])
    const late = { ...mondays, until: '2026-12-31', minutes: [day - 1] }
    expect(problems({ schedule: late, window: { from: 9 * 60, until: 20 * 60 } })).toEqual([
      'schedule.minutes outside_window',
    ])
  })

  it('draws people for another channel only where they are persons, and leaves somebody to send to', () => {
    const elsewhere = { name: '短信', permille: 300, event: null, cost: null }
    expect(problems({ elsewhere })).toEqual([])
    expect(problems({ elsewhere: { ...elsewhere, permille: 900 }, holdout_permille: 100 })).toEqual([
      'elsewhere too_much_aside',
    ])
    expect(problems({ kind: 'group_send', elsewhere })).toContain('elsewhere not_drawn')
  })
})

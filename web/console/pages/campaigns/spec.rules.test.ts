import { expect, test } from 'vitest'
import type { Attachment, DraftSpec } from './campaign.ts'
import {
  byteLength,
  evenShares,
  newSpec,
  newVariant,
  openEnds,
  placeInEditor,
  savable,
  scheduleOf,
  stepOf,
} from './spec.rules.ts'

const spec = newSpec()
const ends = (part: object, name = '周三水果日') => openEnds(name, { ...spec, ...part }).map(({ what }) => what)

test('a new campaign lacks only its name and what the server asks for', () => {
  expect(ends({}, '  ')).toEqual(['name'])
  expect(ends({})).toEqual([])
  expect(spec.variants[0]?.content.text).toContain('{少打扰}')
})

test('what is not chosen yet is said, and left out of what is kept', () => {
  const picture: Attachment = { kind: 'image', asset_id: '' }
  const link: Attachment = { kind: 'link', title: '春茶', url: 'https://', desc: '', picurl: '' }
  const variant = newVariant('A', { text: '你好', attachments: [picture, link] })
  const open: Partial<DraftSpec> = {
    exclusions: [{ name: '三天内联系过', whom: null }],
    variants: [{ ...variant, for: { stores: [] } }],
    schedule: { kind: 'recurring', weekdays: [], minutes: [600], until: '2027-01-01' },
  }
  expect(ends(open)).toEqual(['exclusion', 'variant.for', 'asset', 'link', 'weekdays'])
  const kept = savable({ ...spec, ...open })
  expect(kept).toMatchObject({ exclusions: [], schedule: { kind: 'now' } })
  expect(kept.variants).toMatchObject([{ for: null, content: { attachments: [] } }])
})

test('what is wrong with an attachment is said at its place in the editor, whatever of it the server was given', () => {
  const picture: Attachment = { kind: 'image', asset_id: '' }
  const link: Attachment = { kind: 'link', title: '春茶', url: 'https://a.cn', desc: '', picurl: '' }
  const variant = newVariant('A', { text: '你好', attachments: [link, picture, { ...link, title: '最好的春茶' }] })
  const draft = { ...spec, variants: [variant] }
  expect(openEnds('周三水果日', draft)).toMatchObject([{ field: 'variants.0.content.attachments.1', what: 'asset' }])
  const at = (field: string) => placeInEditor(`variants.0.content.${field}`, draft)
  expect(at('attachments.0.title')).toBe('variants.0.content.attachments.0.title')
  expect(at('attachments.1.title')).toBe('variants.0.content.attachments.2.title')
  expect([at('attachments'), at('text')]).toEqual(['variants.0.content.attachments', 'variants.0.content.text'])
})

test('variants for everybody share a hundred, the others have no part of it', () => {
  const [a, b, c] = ['A', 'B', 'C'].map((name) => newVariant(name, { text: name, attachments: [] }))
  if (!a || !b || !c) throw new Error('three variants')
  expect(evenShares([a, b, c]).map(({ share }) => share)).toEqual([34, 33, 33])
  expect(evenShares([a, { ...b, for: { audience: 'x' } }]).map(({ share }) => share)).toEqual([100, 100])
})

test('a fault leads to the step where its field is written', () => {
  expect(['goal.baseline', 'whom', 'exclusions.2.whom', 'name'].map(stepOf)).toEqual(Array(4).fill('whom'))
  expect(['variants', 'variants.0.content.text'].map(stepOf)).toEqual(['content', 'content'])
  expect(['schedule.at', 'window', 'senders.set'].map(stepOf)).toEqual(['sending', 'sending', 'sending'])
})

test('bytes are counted as the platform counts them', () => {
  expect(byteLength('水果 ok')).toBe(9)
})

test('a schedule begins a day from now, or for four weeks of the brand’s calendar, also at one in the morning there', () => {
  const now = Date.parse('2026-12-02T01:00:00+08:00')
  expect(scheduleOf('at', now)).toEqual({ kind: 'at', at: '2026-12-02T17:00:00.000Z' })
  expect(scheduleOf('recurring', now)).toMatchObject({ until: '2026-12-30' })
})

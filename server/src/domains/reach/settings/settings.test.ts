import { expect, it } from 'vitest'
import { campaignStage } from '../campaigns/campaign-stage.ts'
import { settingsView, wordsView } from './settings.schema.ts'

const stage = await campaignStage()
const path = '/api/reach/settings'
const given = { brand: null, one_approval_most: 1_000, two_for_tiers: [], global_holdout_permille: 20 }

it('lets four Moments a month reach a customer until the corp says otherwise, and keeps what a change leaves out', async () => {
  const { first } = stage
  expect((await first.get(path)).as(settingsView).moments_a_month).toBe(4)
  expect((await first.put(path, { ...given, moments_a_month: 6 })).as(settingsView).moments_a_month).toBe(6)
  expect((await first.put(path, given)).as(settingsView).moments_a_month).toBe(6)
  expect((await first.put(path, { ...given, moments_a_month: 0 })).status).toBe(400)
})

it('is read by who plans and changed by who approves', async () => {
  expect((await stage.author.get(path)).status).toBe(200)
  expect((await stage.author.put(path, given)).status).toBe(403)
  expect((await (await stage.as('guide')).get(path)).status).toBe(403)
})

it('two who edit the forbidden words at once write over nothing that the other has not seen', async () => {
  const { first, second } = stage
  const words = '/api/reach/forbidden-words'
  const [a, b] = [
    { word: '躺赚', advice: '' },
    { word: '稳赚', advice: '请写明风险' },
  ]
  const before = (await first.get(words)).as(wordsView).items
  expect((await first.put(words, { items: [a], before })).status).toBe(200)
  const late = await second.put(words, { items: [b], before })
  expect([late.status, late.body]).toMatchObject([409, { message: '别人刚刚改了敏感词。' }])
  expect((await second.put(words, { items: [a, b], before: [a] })).as(wordsView).items).toHaveLength(2)
  // nor over another advice
  expect((await first.put(words, { items: [], before: [a, { ...b, advice: '' }] })).status).toBe(409)
  expect((await first.put(words, { items: [], before: [b, a] })).as(wordsView).items).toEqual([])
})

import { expect, it } from 'vitest'
import { campaignStage } from '../campaigns/campaign-stage.ts'
import { settingsView } from './settings.schema.ts'

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

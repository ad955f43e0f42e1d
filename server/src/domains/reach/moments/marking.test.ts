import { expect, it } from 'vitest'
import { z } from 'zod'
import { campaignStage } from '../campaigns/campaign-stage.ts'

const { author, as } = await campaignStage()
const cost = z.object({ marks: z.int(), per_minute: z.int(), minutes: z.int() })

it('says before anything is planned what marking an audience takes, by the limits and our share of them', async () => {
  const some = (await author.get('/api/reach/marking?marks=1000')).as(cost)
  expect(some.marks).toBe(1_000)
  expect(some.minutes).toBe(Math.ceil(1_000 / some.per_minute))
  // of many the limit of the hour counts
  const many = (await author.get('/api/reach/marking?marks=3000000')).as(cost)
  expect(many.per_minute).toBeLessThanOrEqual(some.per_minute)
  expect(many.minutes).toBe(Math.ceil(3_000_000 / many.per_minute))
  expect((await author.get('/api/reach/marking?marks=0')).as(cost).minutes).toBe(0)
})

it('is told to nobody who sees no campaigns', async () => {
  const guide = await as('guide')
  expect((await guide.get('/api/reach/marking?marks=1')).status).toBe(403)
})

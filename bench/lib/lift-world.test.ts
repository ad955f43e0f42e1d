import { expect, test } from 'vitest'
import { testDatabase } from '../../server/src/infra/postgres/testing.ts'
import { type Judgement, judgeCampaign, makeLiftWorld } from './lift-world.ts'

const database = await testDatabase()
const planted = { contains: '', reads: 0.6, clicks: 0.2, buys: 0.08, deletes: 0.02 }
const campaigns = 8

/** The short version of `npm run bench -- lift`: the same campaigns, eight of each. */
test('a planted lift lies in the reported interval, no effect is not reported as one, and who got it is no fair sample', async () => {
  const world = await makeLiftWorld(database, 3_000)
  const judged: Judgement[] = []
  const nothing: Judgement[] = []
  for (let seed = 1; seed <= campaigns; seed += 1) {
    judged.push(await judgeCampaign(database, world, { seed, appeal: planted, baseline: 0.08 }))
    nothing.push(
      await judgeCampaign(database, world, {
        seed: 1_000 + seed,
        appeal: { ...planted, buys: 0, deletes: 0 },
        baseline: 0.08,
      }),
    )
  }
  for (const what of ['lift', 'perDelivered', 'gmv', 'deletes'] as const) {
    // of eight at 95 % all or seven as a rule; the hundred of the bench are counted exactly
    expect([what, judged.filter((one) => one[what].held).length >= campaigns - 2]).toEqual([what, true])
    expect([what, nothing.filter((one) => !one[what].significant).length >= campaigns - 2]).toEqual([what, true])
  }
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
  // members who confirm have customers who buy more anyway: the naive comparison says too much
  expect(mean(nothing.map(({ naive }) => naive.value - naive.truth))).toBeGreaterThan(0.005)
  expect(Math.abs(mean(nothing.map(({ lift }) => lift.value - lift.truth)))).toBeLessThan(0.005)
})

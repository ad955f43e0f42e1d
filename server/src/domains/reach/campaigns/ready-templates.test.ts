import { limitProfile } from '@nuanyu/wecom'
import { expect, it } from 'vitest'
import { campaignStage } from './campaign-stage.ts'
import { campaignDetail, campaignPage, saved } from './campaigns.schema.ts'
import { checkCampaign } from './checks.ts'
import { forbiddenIn } from './forbidden.ts'
import { giveTemplates } from './ready-templates.store.ts'
import { readyTemplates } from './ready-templates.ts'

it('ten scenes stand ready, of which nothing but what is still to be written stops any', () => {
  expect(readyTemplates).toHaveLength(10)
  for (const { name, spec } of readyTemplates) {
    const faults = checkCampaign(spec, {
      ...{ limits: limitProfile(), brand: '鲜果连锁', longestLink: `https://nuanyu.example/l/${'x'.repeat(20)}` },
      ...{ preferences: 'https://nuanyu.example/p/abc', forbidden: forbiddenIn([], '鲜果连锁'), quiet: [] },
      ...{ now: new Date('2026-11-11T02:00:00Z'), zone: 'Asia/Shanghai', audiences: new Set(), stores: new Set() },
      ...{ sets: new Set(), assets: new Set(), tags: new Set() },
    })
    const stops = new Set(faults.filter((fault) => fault.stops).map(({ problem }) => problem))
    expect([name, ...stops]).toEqual([name, 'unfilled'])
  }
})

it('a corp has them from its first day, and what it deleted does not come back', async () => {
  const { author, services, corpId } = await campaignStage()
  const templates = async () => (await author.get('/api/campaigns?template=yes')).as(campaignPage).items
  await giveTemplates(services, corpId)
  expect((await templates()).map(({ name }) => name).toSorted()).toEqual(
    readyTemplates.map(({ name }) => name).toSorted(),
  )
  const [first] = await templates()
  const copy = (await author.post(`/api/campaigns/${first?.id}/copy`, { name: '双十一' })).as(saved)
  expect((await author.get(`/api/campaigns/${copy.id}`)).as(campaignDetail)).toMatchObject({
    ...{ template: false, copied_from: first?.id, state: 'draft' },
  })
  expect((await author.delete(`/api/campaigns/${first?.id}`)).status).toBe(204)
  await giveTemplates(services, corpId)
  expect(await templates()).toHaveLength(9)
})

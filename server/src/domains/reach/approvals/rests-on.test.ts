import { v7 as uuid } from 'uuid'
import { describe, expect, it } from 'vitest'
import { campaignStage } from '../campaigns/campaign-stage.ts'
import { campaignDetail, saved } from '../campaigns/campaigns.schema.ts'
import type { Changed } from '../campaigns/changed.words.ts'
import { addPolicy, addVersion, turnPolicy } from '../governor/policies.store.ts'
import { openPolicy } from '../governor/policy.ts'

const stage = await campaignStage()
const { author, first, db, corpId, clock } = stage

const tiersAre = (when: object) =>
  db
    .insertInto('value_tiers')
    .values({ corp_id: corpId, tiers: JSON.stringify([{ id: 'a', name: '高价值', when }]), updated_at: clock.now() })
    .onConflict((conflict) =>
      conflict.column('corp_id').doUpdateSet({ tiers: JSON.stringify([{ id: 'a', name: '高价值', when }]) }),
    )
    .execute()
const by = () => ({ account: null, at: clock.now() })
const given = (marketing: 'limited' | 'never') => ({ place: 1, note: '', rules: { ...openPolicy, marketing } })
const heldOut = async (permille: number) => {
  const settings = { brand: null, one_approval_most: 1_000, two_for_tiers: [], global_holdout_permille: permille }
  expect((await first.put('/api/reach/settings', settings)).status).toBe(200)
}

await tiersAre({ m: { from: 4 } })
const policy = await db.transaction().execute((tx) => addPolicy(tx, corpId, '默认', given('limited'), by()))
const audience = uuid()
await db
  .insertInto('audiences')
  .values({
    ...{ id: audience, corp_id: corpId, name: '高价值客户', kind: 'refreshed', created_at: clock.now() },
    ...{ rule: JSON.stringify({ is: 'tier', any: ['a'] }), version: 1, updated_at: clock.now() },
  })
  .execute()

/** So often something was changed: each time to what it was never before. */
let times = 1
/** What an approval rests on beside the campaign itself, each changed once. */
const changes: Readonly<Partial<Record<Changed, () => Promise<unknown>>>> = {
  audience: () => {
    clock.advance(1_000)
    const rule = JSON.stringify({ is: 'tier', any: ['a'] })
    const row = { audience_id: audience, version: times, corp_id: corpId, rule, note: '', created_at: clock.now() }
    return db.insertInto('audience_versions').values(row).execute()
  },
  tiers: () => tiersAre({ net: { from: times } }),
  policies: () => db.transaction().execute((tx) => addVersion(tx, policy, latest(), given('never'), by())),
  holdout: () => heldOut(20 + times),
}
let policies = 0
const latest = () => {
  policies += 1
  return policies
}
const change = async (what: string) => {
  times += 1
  await Object.entries(changes).find(([name]) => name === what)?.[1]()
}
const whom = { whom: { audience } }
const shown = async (id: string) => (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
const approve = (id: string) => first.post(`/api/campaigns/${id}/approve`, { version: 1, words: '' })
const submit = (id: string) => author.post(`/api/campaigns/${id}/submit`, { version: 1 })
const alarms = async (id: string) =>
  (
    await db
      .selectFrom('alarms')
      .select('kind')
      .where('key', 'like', `%${id}`)
      .where('cleared_at', 'is', null)
      .execute()
  ).map(({ kind }) => kind)

describe.each(Object.keys(changes))('what an approval rests on: %s', (what) => {
  it('voids it when it is changed; it is submitted again after another rehearsal, not with the one of before', async () => {
    const id = await stage.submitted(whom)
    expect((await approve(id)).as(saved).state).toBe('approved')
    await change(what)
    await stage.due()
    expect([await stage.standing(id), await stage.runs(id)]).toEqual(['draft', 0])
    expect(await alarms(id)).toEqual(['campaign.voided'])
    const old = await submit(id)
    expect([old.status, old.body]).toMatchObject([422, { message: expect.stringContaining('预演') }])
    await stage.rehearsed(id, 1, 100)
    expect((await submit(id)).as(saved).state).toBe('waiting')
    // what stood there of before is over
    expect(await alarms(id)).toEqual(['campaign.waiting'])
    expect((await approve(id)).as(saved).state).toBe('approved')
    await stage.due()
    expect(await stage.runs(id)).toBe(1)
  })

  it('is shown to who is asked to agree, and then it cannot be agreed to; returned, it may come again as it is', async () => {
    const id = await stage.submitted(whom)
    expect((await shown(id)).submission?.changed).toEqual([])
    await change(what)
    expect((await shown(id)).submission?.changed).toMatchObject([{ what, said: { zh: expect.any(String) } }])
    const agreed = await approve(id)
    expect([agreed.status, await stage.standing(id)]).toEqual([422, 'waiting'])
    expect((await first.post(`/api/campaigns/${id}/refuse`, { version: 1, words: '请重新预演' })).status).toBe(200)
    expect((await submit(id)).status).toBe(422)
    await stage.rehearsed(id, 1, 100)
    expect((await submit(id)).as(saved).state).toBe('waiting')
    expect((await shown(id)).submission?.changed).toEqual([])
    expect((await approve(id)).as(saved).state).toBe('approved')
  })
})

describe('an approval stands', () => {
  it('where the governor does not ask, and where no tier is read', async () => {
    const service = await stage.submitted({ marketing: false })
    await approve(service)
    for (const what of ['tiers', 'policies', 'holdout']) await change(what)
    await stage.due()
    expect([await stage.standing(service), await stage.runs(service)]).toEqual(['live', 1])
  })

  it('where a tier has another name alone, or a policy is turned off and on again', async () => {
    const id = await stage.submitted(whom)
    await approve(id)
    const { tiers } = await db.selectFrom('value_tiers').select('tiers').executeTakeFirstOrThrow()
    const renamed = JSON.stringify(tiers).replace('高价值', '另一个名称')
    await db.updateTable('value_tiers').set({ tiers: renamed }).execute()
    await db.transaction().execute(async (tx) => {
      await turnPolicy(tx, policy, null, by())
      await turnPolicy(tx, policy, policies + 1, by())
    })
    await stage.due()
    expect(await stage.runs(id)).toBe(1)
  })
})

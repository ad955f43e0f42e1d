import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { untilFollowed } from '../../infra/events/testing.ts'
import { createAudienceUpkeep, noteChanges } from '../audiences/index.ts'
import { computeNow } from '../audiences/saved/compute.jobs.ts'
import { tagStage } from './tag-stage.ts'
import { begun, made, personTags, ruleCostView, tagCatalogue } from './tags.schema.ts'

const stage = await tagStage({ staff: 4, people: 20, relations: 24 })
const { db, corpId } = stage
const audiences = createAudienceUpkeep(stage.services)
let operator: Awaited<ReturnType<typeof stage.as>>
let people: readonly number[] = []
let regular = ''
let audience = ''
const rule = { is: 'orders', measure: 'count', from: 2 }

beforeAll(async () => {
  await stage.sync()
  await follow()
  operator = await stage.as('operator')
  const rows = await db.selectFrom('customer_cards').select('customer_id').orderBy('customer_id').limit(4).execute()
  people = rows.map((row) => row.customer_id)
  await operator.post('/api/tag-groups', { name: '购买', kind: 'corp', tags: ['回头客', '新客'] })
  regular = await tagNamed('回头客')
  // whom a sync met is told of by a walk, which this stage does not run
  await db.transaction().execute((tx) =>
    noteChanges(
      tx,
      corpId,
      people.map((customerId) => ({ customerId, kind: 'person', present: true })),
    ),
  )
  await bought(0, 2)
  await bought(1, 2)
  audience = await newAudience('买过两次', rule, 'live')
})

/** Until audiences and tags have read what happened, what that began has run, and the platform shows what follows. */
async function follow() {
  const read = () =>
    untilFollowed(db, 'tags.rules', async () => {
      await audiences.pass()
      await stage.settle()
    })
  await read()
  const waiting = db
    .selectFrom('operations')
    .select('id')
    .where('kind', '=', 'tags.rule')
    .where('state', '=', 'waiting')
  for (const { id } of await waiting.execute()) await stage.run(id)
  await read()
  await stage.settle()
}
/** So many orders of a person; what he had before is gone. */
async function bought(at: number, orders: number) {
  const customerId = people[at] ?? 0
  await db.transaction().execute((tx) =>
    noteChanges(
      tx,
      corpId,
      [0, 1, 2].map((n) => ({
        ...{ customerId, kind: 'order' as const, id: customerId * 10 + n },
        order: n < orders ? { id: customerId * 10 + n, day: 20_700 + n, net: 100, lines: [] } : null,
      })),
    ),
  )
}
async function newAudience(name: string, of: object, kind: string) {
  return (await operator.post('/api/audiences', { name, kind, rule: of })).as(made).id
}
async function tagNamed(name: string) {
  const { groups } = (await operator.get('/api/tags')).as(tagCatalogue)
  return groups.flatMap((one) => one.tags).find((tag) => tag.name === name)?.id ?? ''
}
const tagsOf = async (at: number) => (await operator.get(`/api/customers/${people[at]}/tags`)).as(personTags)
const his = async (at: number) => (await tagsOf(at)).items.find((one) => one.tag_id === regular)
const setRule = (tag: string, body: object) => operator.put(`/api/tags/${tag}/rule`, body)
const work = async (reply: { as: (of: typeof begun) => z.infer<typeof begun> }) => {
  await stage.run(reply.as(begun).operation_id)
  await follow()
}

describe('a tag that follows an audience', () => {
  it('is put on everybody who is in it, with the audience as evidence, and stands at the platform', async () => {
    const cost = (await operator.get(`/api/tags/${regular}/rule-cost?audience_id=${audience}`)).as(ruleCostView)
    expect(cost).toMatchObject({ persons: 2, calls: 2 })
    await work(await setRule(regular, { audience_id: audience }))
    expect(await his(0)).toMatchObject({ source: 'rule', has: true, evidence: { audience: '买过两次', version: 1 } })
    expect(await his(2)).toBeUndefined()
    const [relation] = await db
      .selectFrom('relations')
      .select(['userid', 'external_userid'])
      .where('customer_id', '=', people[0] ?? 0)
      .where('status', '=', 'alive')
      .execute()
    expect(await stage.shown(relation?.userid ?? '', relation?.external_userid ?? '')).toContain('回头客')
    const { groups } = (await operator.get('/api/tags')).as(tagCatalogue)
    const shown = groups.flatMap((one) => one.tags).find((tag) => tag.id === regular)
    expect(shown?.rule).toMatchObject({ audience: '买过两次', audience_kind: 'live', keep_days: null })
    expect(shown?.rule?.followed_at).not.toBeNull()
  })

  it('comes when somebody joins, with why, and goes when he leaves', async () => {
    await bought(2, 2)
    await follow()
    expect((await his(2))?.evidence).toMatchObject({ because: [expect.stringContaining('下单次数')] })
    await bought(2, 1)
    await follow()
    expect(await his(2)).toBeUndefined()
  })

  it('stays where another source holds it, and is not put back where a hand took it off', async () => {
    const hand = (at: number, says: boolean) =>
      operator.post(`/api/customers/${people[at]}/tags`, { tag_id: regular, says })
    await hand(0, true)
    await hand(1, false)
    await bought(0, 0)
    await bought(1, 3)
    await follow()
    expect(await his(0)).toMatchObject({ source: 'manual', has: true })
    expect(await his(1)).toBeUndefined()
    await bought(1, 0)
    await follow()
    await bought(1, 2)
    await follow()
    expect(await his(1), 'the correction wins for good').toBeUndefined()
  })

  it('of a scheduled audience follows each computation, and holds as long as its rule says', async () => {
    const fresh = await tagNamed('新客')
    const scheduled = await newAudience('定时', { is: 'orders', measure: 'count', from: 1, to: 1 }, 'refreshed')
    await work(await setRule(fresh, { audience_id: scheduled, keep_days: 30 }))
    const has = async (at: number) => (await tagsOf(at)).items.find((one) => one.tag_id === fresh)
    expect(await has(3)).toBeUndefined()
    await bought(3, 1)
    await computeNow(stage.services, corpId, scheduled, 'person', 'test')
    await follow()
    expect(await has(3)).toMatchObject({ source: 'rule', expires_at: expect.any(String) })
  })

  it('may not rest on itself, however far round, nor on what never changes', async () => {
    const reader = await newAudience('读标签', { not: { is: 'tags', mode: 'any', tags: [regular] } }, 'live')
    const around = await newAudience('绕一圈', { is: 'audience', id: reader }, 'live')
    const refused = await setRule(regular, { audience_id: around })
    expect(refused.status).toBe(422)
    expect(JSON.stringify(refused.body)).toContain('回头客')
    const standing = await newAudience('静态', rule, 'static')
    expect((await setRule(regular, { audience_id: standing })).status).toBe(422)
    // the audience may not begin to read its tag either, nor go while a tag follows it
    const change = { name: '买过两次', kind: 'live', rule: { is: 'audience', id: reader }, version: 1 }
    expect((await operator.put(`/api/audiences/${audience}`, change)).status).toBe(422)
    expect((await operator.delete(`/api/audiences/${audience}`)).status).toBe(422)
  })

  it('goes from whoever had it by the rule alone when the rule ends', async () => {
    await bought(3, 2)
    await follow()
    expect(await his(3)).toMatchObject({ source: 'rule' })
    await work(await operator.delete(`/api/tags/${regular}/rule`))
    expect(await his(3)).toBeUndefined()
    expect(await his(0)).toMatchObject({ source: 'manual' })
  })
})

it('only who may change tags gives one a rule', async () => {
  const guide = await stage.as('guide', { kind: 'self', userid: 'u1' })
  expect((await guide.put(`/api/tags/${regular}/rule`, { audience_id: audience })).status).toBe(403)
  expect((await guide.delete(`/api/tags/${regular}/rule`)).status).toBe(403)
  expect((await guide.get(`/api/tags/${regular}/rule-cost?audience_id=${audience}`)).status).toBe(403)
})

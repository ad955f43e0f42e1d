import { beforeAll, describe, expect, it } from 'vitest'
import { tagStage } from './tag-stage.ts'
import { made, moveCostView, personTags, tagCatalogue } from './tags.schema.ts'

const stage = await tagStage({ staff: 6, people: 40, relations: 60 })
const { db, corpId } = stage
let operator: Awaited<ReturnType<typeof stage.as>>

beforeAll(async () => {
  await stage.sync()
  await stage.settle()
  operator = await stage.as('operator')
})

const catalogue = async () => (await operator.get('/api/tags')).as(tagCatalogue)
const groupNamed = async (name: string) => (await catalogue()).groups.find((group) => group.name === name)
async function newGroup(name: string, tags: readonly string[], more: object = {}): Promise<string> {
  const answer = await operator.post('/api/tag-groups', { name, kind: 'corp', tags, ...more })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.as(made).id
}
async function somebody(at = 0) {
  const rows = await db
    .selectFrom('relations')
    .select(['customer_id', 'userid', 'external_userid'])
    .where('status', '=', 'alive')
    .orderBy('customer_id')
    .orderBy('userid')
    .execute()
  const row = rows[at]
  if (row === undefined) throw new Error('nobody')
  return { id: row.customer_id, userid: row.userid, externalUserid: row.external_userid }
}

describe('the catalogue', () => {
  it('shows the platform’s groups as theirs, and they cannot be changed here', async () => {
    const theirs = (await catalogue()).groups.find((group) => !group.ours)
    expect(theirs?.truth).toBe('wecom')
    const answer = await operator.patch(`/api/tag-groups/${theirs?.id}`, { name: '改名' })
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ message: expect.stringContaining('不是由本应用创建') })
  })

  it('makes a group of ours at the platform, and a tag put on by hand is seen there', async () => {
    await newGroup('肤质', ['油性皮肤', '敏感肌'])
    const group = await groupNamed('肤质')
    expect(group).toMatchObject({ ours: true, at_platform: true, truth: 'ours' })
    const person = await somebody()
    const tagId = group?.tags.find((tag) => tag.name === '油性皮肤')?.id
    const put = await operator.post(`/api/customers/${person.id}/tags`, { tag_id: tagId, says: true })
    expect(put.status, JSON.stringify(put.body)).toBe(200)
    expect(put.as(personTags).items.find((one) => one.tag_id === tagId)).toMatchObject({
      source: 'manual',
      has: true,
      pending: 'put',
    })
    await stage.settle()
    expect(await stage.shown(person.userid, person.externalUserid)).toContain('油性皮肤')
    const after = (await operator.get(`/api/customers/${person.id}/tags`)).as(personTags)
    expect(after.items.find((one) => one.tag_id === tagId)).toMatchObject({
      pending: null,
      said_by: expect.stringContaining('operator'),
    })
    await operator.post(`/api/customers/${person.id}/tags`, { tag_id: tagId, says: false })
    await stage.settle()
    expect(await stage.shown(person.userid, person.externalUserid)).not.toContain('油性皮肤')
  })

  it('refuses same names, long names and what goes over the corp’s limit before anything is called', async () => {
    const before = await stage.calls('/add_corp_tag')
    const refused = async (body: object) => (await operator.post('/api/tag-groups', { kind: 'corp', ...body })).status
    expect(await refused({ name: ' 肤质', tags: ['x'] })).toBe(409)
    expect(await refused({ name: '新组', tags: ['VIP', 'ｖｉｐ'] })).toBe(409)
    // a group that the platform may have beside the catalogue: what came into it would be hidden
    expect(await refused({ name: '触达临时标签', tags: ['x'] })).toBe(409)
    expect(await refused({ name: '一'.repeat(31), tags: ['x'] })).toBe(400)
    expect(await stage.calls('/add_corp_tag')).toBe(before)
  })

  it('renames, orders and deletes ours, there as here', async () => {
    const id = await newGroup('饮食', ['甜', '咸', '辣'])
    const tags = (await groupNamed('饮食'))?.tags ?? []
    expect((await operator.patch(`/api/tag-groups/${id}`, { name: '口味' })).status).toBe(204)
    const ids = ['辣', '甜', '咸'].map((name) => tags.find((tag) => tag.name === name)?.id ?? '')
    expect((await operator.post('/api/tags/order', { ids })).status).toBe(204)
    expect((await operator.delete(`/api/tags/${ids[2]}`)).status).toBe(204)
    const { tag_group } = await stage.client.tags.list({})
    expect(tag_group.find((group) => group.group_name === '口味')?.tag.map((tag) => tag.name)).toEqual(['辣', '甜'])
    expect((await groupNamed('口味'))?.tags.map((tag) => tag.name)).toEqual(['辣', '甜'])
  })

  it('keeps tags of our own to ourselves', async () => {
    const before = await stage.calls('/add_corp_tag')
    await newGroup('内部分层', ['高潜'], { kind: 'own' })
    expect(await stage.calls('/add_corp_tag')).toBe(before)
    expect(await groupNamed('内部分层')).toMatchObject({ at_platform: false, ours: true })
  })

  it('counts persons, by our facts and by the platform’s marks, once each', async () => {
    await newGroup('计数', ['一'])
    const tagId = (await groupNamed('计数'))?.tags[0]?.id
    for (const at of [0, 5])
      await operator.post(`/api/customers/${(await somebody(at)).id}/tags`, { tag_id: tagId, says: true })
    await stage.settle()
    stage.clock.advance(120_000)
    expect((await groupNamed('计数'))?.tags[0]?.customers).toBe(2)
  })
})

describe('a move to another group', () => {
  it('says its cost before, keeps every relation and the tag’s id, and can be undone', async () => {
    await newGroup('甲', ['夏季', '冬季'])
    await newGroup('乙', ['其他'])
    const from = await groupNamed('甲')
    const to = await groupNamed('乙')
    const tagId = from?.tags.find((tag) => tag.name === '夏季')?.id ?? ''
    const people = [await somebody(1), await somebody(3), await somebody(8)]
    for (const one of people) await operator.post(`/api/customers/${one.id}/tags`, { tag_id: tagId, says: true })
    await stage.settle()
    const bearing = Number(
      (
        await db
          .selectFrom('tag_marks')
          .select(({ fn }) => fn.countAll().as('n'))
          .where('tag_id', '=', tagId)
          .executeTakeFirstOrThrow()
      ).n,
    )
    const cost = (await operator.get(`/api/tags/${tagId}/move-cost`)).as(moveCostView)
    expect(cost).toEqual({ marks: bearing, calls: bearing + 2, minutes: 1, empties_group: false })
    const begun = await operator.post(`/api/tags/${tagId}/move`, { to_group: to?.id })
    expect(begun.status, JSON.stringify(begun.body)).toBe(202)
    await stage.run((begun.body as { operation_id: string }).operation_id)
    expect((await groupNamed('乙'))?.tags.map((tag) => tag.id)).toContain(tagId)
    for (const one of people) expect(await stage.shown(one.userid, one.externalUserid)).toContain('夏季')
    const { tag_group } = await stage.client.tags.list({})
    expect(tag_group.find((group) => group.group_name === '甲')?.tag.map((tag) => tag.name)).toEqual(['冬季'])
    await stage.run(await stage.begin('tags.move', { tagId, toGroup: from?.id }))
    expect((await groupNamed('甲'))?.tags.map((tag) => tag.id)).toContain(tagId)
    for (const one of people) expect(await stage.shown(one.userid, one.externalUserid)).toContain('夏季')
  })
})

describe('who may not', () => {
  it('a guide does not change the catalogue; a store manager sees no counts', async () => {
    const guide = await stage.as('guide', { kind: 'self', userid: (await somebody()).userid })
    expect((await guide.post('/api/tag-groups', { name: 'x', kind: 'corp', tags: ['y'] })).status).toBe(403)
    expect((await guide.post('/api/tag-sync/apply', {})).status).toBe(403)
    const groups = (await guide.get('/api/tags')).as(tagCatalogue).groups
    expect(groups.flatMap((group) => group.tags).every((tag) => tag.customers === null)).toBe(true)
  })

  it('a guide tags his own customers only', async () => {
    const mine = await somebody()
    const others = await db
      .selectFrom('relations')
      .select('userid')
      .where('userid', '<>', mine.userid)
      .executeTakeFirstOrThrow()
    const guide = await stage.as('guide', { kind: 'self', userid: others.userid })
    const his = await db.selectFrom('relations').select('customer_id').where('userid', '=', others.userid).execute()
    const tagId = (await catalogue()).groups[0]?.tags[0]?.id
    const status = (await guide.post(`/api/customers/${mine.id}/tags`, { tag_id: tagId, says: true })).status
    expect(status).toBe(his.some((one) => one.customer_id === mine.id) ? 200 : 404)
  })

  it('an auditor looks and changes nothing', async () => {
    const auditor = await stage.as('auditor')
    expect((await auditor.get('/api/tag-sync')).status).toBe(200)
    expect(
      (await auditor.post(`/api/customers/${(await somebody()).id}/tags`, { tag_id: 'x', says: true })).status,
    ).toBe(403)
    expect(corpId).toBeGreaterThan(0)
  })
})

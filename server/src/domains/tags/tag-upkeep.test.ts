import { v7 as uuid } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import { appendEvents } from '../../infra/events/events.store.ts'
import { wireLosingAnswerOf } from '../../infra/platform/testing.ts'
import { resolveIdentities } from '../customers/identities/identity-resolve.store.ts'
import { joinPersons, keepApart } from '../customers/persons/person-decisions.store.ts'
import { presentTagIds } from '../customers/sync/tags.store.ts'
import { recordFacts } from './tag-facts.store.ts'
import { tagStage } from './tag-stage.ts'
import { personTags, tagCatalogue } from './tags.schema.ts'

const stage = await tagStage({
  staff: 4,
  people: 24,
  relations: 30,
})
const { db, corpId, clock } = stage
let operator: Awaited<ReturnType<typeof stage.as>>

beforeAll(async () => {
  await stage.sync()
  await stage.settle()
  operator = await stage.as('operator')
  for (const [name, tags] of [
    ['口味', ['甜', '咸', '辣']],
    ['别处', ['其他']],
  ] as const)
    await operator.post('/api/tag-groups', { name, kind: 'corp', tags })
})

const catalogue = async () => (await operator.get('/api/tags')).as(tagCatalogue).groups
const tagNamed = async (name: string) => {
  const tag = await db
    .selectFrom('tags')
    .select(['id', 'platform_id as platformId'])
    .where('name', '=', name)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { id: tag.id, platformId: tag.platformId ?? '' }
}
const relations = () =>
  db
    .selectFrom('relations')
    .select(['customer_id as id', 'userid', 'external_userid as externalUserid'])
    .where('status', '=', 'alive')
    .orderBy('customer_id')
    .execute()
const his = async (id: number) => (await operator.get(`/api/customers/${id}/tags`)).as(personTags)
const put = (id: number, tagId: string, says = true) =>
  operator.post(`/api/customers/${id}/tags`, { tag_id: tagId, says })

describe('what happens elsewhere', () => {
  it('a tag that came with a channel is known by the channel’s name', async () => {
    const [one] = await relations()
    if (one === undefined) throw new Error('nobody')
    const channelId = uuid()
    const at = clock.now()
    await db
      .insertInto('channels')
      .values({
        ...{
          id: channelId,
          corp_id: corpId,
          kind: 'qr',
          name: '海报',
          state: 'poster',
          code: 'poster1',
          strategy: 'platform',
        },
        ...{ created_by: 'test', created_at: at, updated_at: at },
      })
      .execute()
    const { id: tagId, platformId } = await tagNamed('甜')
    await appendEvents(
      db,
      [
        {
          ...{
            kind: 'customer.tagged',
            corpId,
            customerId: one.id,
            staffUserid: one.userid,
            occurredAt: at,
            cause: 'test',
          },
          payload: { channelId, tagIds: [platformId] },
        },
      ],
      at,
    )
    await stage.settle()
    expect((await his(one.id)).items.find((tag) => tag.tag_id === tagId)).toMatchObject({
      source: 'event',
      said_by: '海报',
    })
  })

  it('who chose a tag before it moved means the tag where it stands now', async () => {
    const { id, platformId: before } = await tagNamed('咸')
    const target = (await catalogue()).find((group) => group.name === '别处')?.id
    await stage.run(await stage.begin('tags.move', { tagId: id, toGroup: target }))
    const { platformId: now } = await tagNamed('咸')
    expect(now).not.toBe(before)
    expect(await presentTagIds(db, corpId, [before])).toEqual([now])
    const home = (await catalogue()).find((group) => group.name === '口味')?.id
    await stage.run(await stage.begin('tags.move', { tagId: id, toGroup: home }))
    expect(await presentTagIds(db, corpId, [before])).toEqual([(await tagNamed('咸')).platformId])
  })

  it('two who become one person have the tags of both, and part with exactly their own', async () => {
    const [one] = await relations()
    if (one === undefined) throw new Error('nobody')
    const [sweet, hot] = [await tagNamed('甜'), await tagNamed('辣')]
    await put(one.id, sweet.id)
    const at = clock.now()
    const fact = { identities: [{ kind: 'member_no', value: 'M-1' }], source: 'import', reference: '1', at }
    const [member = 0] = await db.transaction().execute(async (tx) => {
      const places = await resolveIdentities(tx, { corpId, vault: stage.services.vault, learntAt: at }, [fact])
      const homes = places.map(({ home }) => home)
      const said = {
        customerId: homes[0] ?? 0,
        tagId: hot.id,
        source: 'import' as const,
        reference: 'crm',
        says: true,
        at,
      }
      await recordFacts(tx, corpId, [said], new Date())
      return homes
    })
    await stage.settle()
    const names = async () => (await his(one.id)).items.filter((tag) => tag.source !== 'wecom').map((tag) => tag.name)
    expect(await names()).toEqual(['甜'])
    const decision = { reason: '同一个人', by: operator.accountId, at }
    const { kind } = await db.transaction().execute((tx) => joinPersons(tx, corpId, one.id, member, decision))
    expect(kind).toBe('joined')
    await stage.settle()
    expect((await names()).toSorted()).toEqual(['甜', '辣'].toSorted())
    expect(await stage.shown(one.userid, one.externalUserid)).toContain('辣')
    await db.transaction().execute((tx) => keepApart(tx, corpId, [one.id], [member], decision))
    await stage.settle()
    expect(await names()).toEqual(['甜'])
    expect(await stage.shown(one.userid, one.externalUserid)).not.toContain('辣')
    const theirs = await db.selectFrom('person_tags').select('tag_id').where('customer_id', '=', member).execute()
    expect(theirs.map((row) => row.tag_id)).toEqual([hot.id])
  })
})

describe('tags of a strategy', () => {
  it('are made, renamed and put by our app; what the platform refuses outside the range is shown with its reason', async () => {
    const answer = await operator.post('/api/tag-groups', {
      name: '华东活动',
      kind: 'strategy',
      strategy_id: 1,
      tags: ['试吃'],
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    const tag = await tagNamed('试吃')
    expect((await operator.patch(`/api/tags/${tag.id}`, { name: '会员日' })).status).toBe(204)
    const people = await relations()
    for (const { id } of people) await put(id, tag.id)
    await stage.settle()
    const bearing = await Promise.all(people.map((one) => stage.shown(one.userid, one.externalUserid)))
    const stood = bearing.filter((names) => names.includes('会员日')).length
    const refused = (await operator.get('/api/tag-sync/refused')).body as { items: { add: string[]; reason: string }[] }
    expect(stood + refused.items.filter((one) => one.add.includes('会员日')).length).toBe(people.length)
    for (const one of refused.items) expect(one.reason).not.toBe('')
    for (const { id } of people) await put(id, tag.id, false)
    await stage.settle()
    expect((await operator.get('/api/tag-sync/refused')).body).toEqual({ items: [] })
  })
})

describe('a platform that does not answer', () => {
  it('a mark whose answer was lost is said again, and stands once', async () => {
    const { id: tagId } = await tagNamed('辣')
    const one = (await relations()).at(-1)
    if (one === undefined) throw new Error('nobody')
    stage.restart(wireLosingAnswerOf('/mark_tag').fetch)
    await put(one.id, tagId)
    await stage.settle()
    await db
      .updateTable('tag_calls')
      .set({ next_at: new Date(0) })
      .execute()
    await stage.settle()
    expect(await stage.shown(one.userid, one.externalUserid)).toContain('辣')
    const left = await db.selectFrom('tag_calls').selectAll().execute()
    expect(left).toEqual([])
  })

  it('a group whose making was not answered is not made twice', async () => {
    stage.restart(wireLosingAnswerOf('/add_corp_tag').fetch)
    const answer = await operator.post('/api/tag-groups', { name: '丢了回答', kind: 'corp', tags: ['一'] })
    expect(answer.status).toBeGreaterThanOrEqual(500)
    const again = await operator.post('/api/tag-groups', { name: '丢了回答', kind: 'corp', tags: ['一'] })
    expect([201, 409]).toContain(again.status)
    const { tag_group } = await stage.client.tags.list({})
    expect(tag_group.filter((group) => group.group_name === '丢了回答')).toHaveLength(1)
    const ours = (await catalogue()).filter((group) => group.name === '丢了回答')
    expect(ours).toHaveLength(1)
    expect(ours[0]).toMatchObject({ ours: true, at_platform: true })
  })
})

import { beforeAll, describe, expect, it } from 'vitest'
import { recordFacts, type TagWord } from './tag-facts.store.ts'
import { tagStage } from './tag-stage.ts'
import { made, personTags, tagCatalogue } from './tags.schema.ts'

const stage = await tagStage({ staff: 4, people: 20, relations: 24 })
const { db, corpId, clock } = stage
const day = 86_400_000
let guide: Awaited<ReturnType<typeof stage.as>>
let operator: typeof guide
let customer = { id: 0, userid: '' }
let skin = { id: '', oily: '', sensitive: '' }
let health = { id: '', allergic: '' }

beforeAll(async () => {
  await stage.sync()
  await stage.settle()
  operator = await stage.as('operator')
  const row = await db
    .selectFrom('relations')
    .select(['customer_id', 'userid'])
    .where('status', '=', 'alive')
    .executeTakeFirstOrThrow()
  customer = { id: row.customer_id, userid: row.userid }
  guide = await stage.as('guide', { kind: 'self', userid: customer.userid })
  skin = { id: await group('肤质', ['油性皮肤', '敏感肌'], { exclusive: true }), oily: '', sensitive: '' }
  health = { id: await group('健康', ['过敏史'], { kind: 'own', sensitive: true }), allergic: '' }
  skin = { ...skin, oily: await tagNamed('油性皮肤'), sensitive: await tagNamed('敏感肌') }
  health = { ...health, allergic: await tagNamed('过敏史') }
})

async function group(name: string, tags: readonly string[], more: object) {
  return (await operator.post('/api/tag-groups', { name, kind: 'corp', tags, ...more })).as(made).id
}
async function tagNamed(name: string) {
  const { groups } = (await operator.get('/api/tags')).as(tagCatalogue)
  return groups.flatMap((one) => one.tags).find((tag) => tag.name === name)?.id ?? ''
}
async function tell(word: Partial<TagWord> & { tagId: string }) {
  await db.transaction().execute((tx) =>
    recordFacts(
      tx,
      corpId,
      [
        {
          ...{ customerId: customer.id, source: 'inferred', reference: 'skin-by-order', says: true, at: clock.now() },
          ...{
            confidence: 0.78,
            expiresAt: new Date(clock.now().getTime() + 180 * day),
            evidence: { order: 'NY20260711-003' },
          },
          ...word,
        },
      ],
      new Date(),
    ),
  )
  await stage.settle()
}
const his = async () => (await guide.get(`/api/customers/${customer.id}/tags`)).as(personTags)
const namesOf = async () => (await his()).items.filter((one) => one.source !== 'wecom').map((one) => one.name)

describe('SC7: an inferred tag and the customer’s own word', () => {
  it('is inferred with its evidence, confidence and expiry', async () => {
    await tell({ tagId: skin.oily })
    const found = (await his()).items.find((one) => one.tag_id === skin.oily)
    expect(found).toMatchObject({
      source: 'inferred',
      confidence: expect.closeTo(0.78, 2),
      evidence: { order: 'NY20260711-003' },
    })
    expect(Date.parse(found?.expires_at ?? '') - clock.now().getTime()).toBe(180 * day)
  })

  it('is corrected by the guide, and neither it nor its exclusive group is inferred again', async () => {
    const said = await guide.post(`/api/customers/${customer.id}/tags`, {
      tag_id: skin.sensitive,
      says: true,
      reason: '客户自己说的',
    })
    expect(said.status).toBe(200)
    await stage.settle()
    expect(await namesOf()).toEqual(['敏感肌'])
    clock.advance(30 * day)
    await tell({ tagId: skin.oily })
    expect(await namesOf()).toEqual(['敏感肌'])
    const { corrected } = await his()
    expect(corrected.find((one) => one.tag_id === skin.oily)?.lost).toEqual([
      expect.objectContaining({ source: 'inferred', why: 'corrected' }),
    ])
  })

  it('of a sensitive group comes from nothing automatic without the person’s consent, and is never inferred', async () => {
    await tell({ tagId: health.allergic, source: 'import', reference: 'crm', confidence: undefined })
    expect(await namesOf()).not.toContain('过敏史')
    await guide.post(`/api/customers/${customer.id}/tag-consents`, {
      group_id: health.id,
      given: true,
      evidence: '到店签字 6 月 2 日',
    })
    expect(await namesOf()).toContain('过敏史')
    await guide.post(`/api/customers/${customer.id}/tag-consents`, {
      group_id: health.id,
      given: false,
      evidence: '客户撤回',
    })
    expect(await namesOf()).not.toContain('过敏史')
    await guide.post(`/api/customers/${customer.id}/tag-consents`, {
      group_id: health.id,
      given: true,
      evidence: '再次同意',
    })
    await tell({ tagId: health.allergic, source: 'import', reference: 'crm', says: false, confidence: undefined })
    await tell({ tagId: health.allergic })
    expect(await namesOf()).not.toContain('过敏史')
  })

  it('goes by itself when it expires, there as here', async () => {
    const other = await operator.post('/api/tag-groups', { name: '活动', kind: 'corp', tags: ['周年庆'] })
    expect(other.status).toBe(201)
    const tagId = await tagNamed('周年庆')
    await tell({
      tagId,
      source: 'event',
      reference: 'party',
      confidence: undefined,
      expiresAt: new Date(clock.now().getTime() + day),
    })
    expect(await namesOf()).toContain('周年庆')
    const bearing = async () =>
      (await db.selectFrom('tag_marks').select('present').where('tag_id', '=', tagId).execute()).some(
        (one) => one.present,
      )
    expect(await bearing()).toBe(true)
    clock.advance(day + 1)
    await stage.due()
    await stage.settle()
    expect(await namesOf()).not.toContain('周年庆')
    expect(await bearing()).toBe(false)
  })

  it('tells audiences what came and went', async () => {
    const marks = await db
      .selectFrom('audience_changes')
      .select(['key', 'present'])
      .where('key', 'like', `tag:${skin.oily}%`)
      .execute()
    expect(marks.find((one) => one.key === `tag:${skin.oily}`)?.present).toBe(false)
    const now = await db
      .selectFrom('audience_changes')
      .select('key')
      .where('key', '=', `tag:${skin.sensitive}@manual`)
      .where('present', '=', true)
      .execute()
    expect(now.length).toBe(1)
  })
})

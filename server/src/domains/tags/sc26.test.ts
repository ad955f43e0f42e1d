import { beforeAll, describe, expect, it } from 'vitest'
import { tagStage } from './tag-stage.ts'
import { made, tagCatalogue } from './tags.schema.ts'

/** SC26 in short; `npm run bench -- tags` tells it with 500 tags and 100,000 markings. */
const groups = 5
const perGroup = 10
const stage = await tagStage({ staff: 6, people: 60, relations: 90 })
const { db, corpId } = stage
let operator: Awaited<ReturnType<typeof stage.as>>
let links = new Map<string, ReadonlySet<string>>()

beforeAll(async () => {
  await stage.sync()
  await stage.settle()
  operator = await stage.as('operator')
  for (let at = 0; at < groups; at += 1) {
    const tags = Array.from({ length: perGroup }, (_, no) => `标签${at}-${no}`)
    const answer = await operator.post('/api/tag-groups', { name: `组${at}`, kind: 'corp', tags })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    answer.as(made)
  }
  const ids = (await catalogue()).flatMap((group) => (group.ours ? group.tags.map((tag) => tag.id) : []))
  const people = await db
    .selectFrom('customer_cards')
    .select('customer_id')
    .where('alive', '>', 0)
    .orderBy('customer_id')
    .execute()
  for (const [at, tagId] of ids.entries()) {
    const customers = people.filter((_, no) => (no + at) % 5 === 0).map((one) => one.customer_id)
    await stage.run(await stage.begin('tags.put', { tagIds: [tagId], says: true, who: { customers }, by: 'test' }))
  }
  await stage.settle()
  links = await atPlatform()
})

const catalogue = async () => (await operator.get('/api/tags')).as(tagCatalogue).groups
const idOf = async (name: string) =>
  (await catalogue()).flatMap((group) => group.tags).find((tag) => tag.name === name)?.id ?? ''
const groupOf = async (name: string) => (await catalogue()).find((group) => group.name === name)?.id ?? ''
const platformId = async (name: string) =>
  (await stage.client.tags.list({})).tag_group.flatMap((group) => group.tag).find((tag) => tag.name === name)?.id ?? ''

/** Every mark of ours at the platform, by relation: names, so that moves and remaking do not matter. */
async function atPlatform(): Promise<Map<string, ReadonlySet<string>>> {
  const { tag_group } = await stage.client.tags.list({})
  const names = new Map(tag_group.flatMap((group) => group.tag.map((tag) => [tag.id as string, tag.name] as const)))
  const found = new Map<string, ReadonlySet<string>>()
  for (const { userid } of await db.selectFrom('staff').select('userid').where('corp_id', '=', corpId).execute()) {
    let cursor = ''
    do {
      const page = await stage.client.customers
        .batchGetByUser({ userid_list: [userid], cursor, limit: 100 })
        .catch(() => undefined)
      for (const { external_contact, follow_info } of page?.external_contact_list ?? [])
        found.set(
          `${userid} ${external_contact.external_userid}`,
          new Set(follow_info.tag_id.map((id) => names.get(id) ?? id).filter((name) => /^(标签|新名)/.test(name))),
        )
      cursor = page?.next_cursor ?? ''
    } while (cursor !== '')
  }
  return found
}
const total = (map: ReadonlyMap<string, ReadonlySet<string>>) =>
  [...map.values()].reduce((sum, set) => sum + set.size, 0)
const check = async () => stage.run(await stage.begin('tags.check', {}))
const inConsole = (act: object) => stage.admin('POST', '/sandbox/console', act)

/** What the platform calls back, and what a night's reading finds. */
async function catchUp() {
  stage.clock.set(new Date(stage.sandbox.clock.now()))
  await stage.tell([{ kind: 'tag.shuffled' } as never])
  await stage.sync()
  await stage.settle()
}

describe('SC26: tags on both sides', () => {
  it('all markings are at the platform, and the check finds nothing', async () => {
    expect(total(links)).toBeGreaterThan(500)
    expect(await check()).toEqual({ catalogue: 0, marks: 0, waiting: 0, refused: 0 })
  })

  it('renaming, moving and deleting on our side loses no relation', async () => {
    expect((await operator.patch(`/api/tags/${await idOf('标签0-0')}`, { name: '新名0' })).status).toBe(204)
    await stage.run(await stage.begin('tags.move', { tagId: await idOf('标签1-1'), toGroup: await groupOf('组2') }))
    expect((await operator.delete(`/api/tags/${await idOf('标签4-9')}`)).status).toBe(204)
    await stage.settle()
    const now = await atPlatform()
    const gone = [...links.values()].filter((set) => set.has('标签4-9')).length
    expect(total(now)).toBe(total(links) - gone)
    expect([...now.values()].filter((set) => set.has('标签1-1')).length).toBe(
      [...links.values()].filter((set) => set.has('标签1-1')).length,
    )
    expect(await check()).toEqual({ catalogue: 0, marks: 0, waiting: 0, refused: 0 })
    links = now
  })

  it('a move that is cancelled half-way goes on, or goes back, without losing a relation', async () => {
    const tagId = await idOf('标签2-2')
    const before = [...links.values()].filter((set) => set.has('标签2-2')).length
    await stage.run(await stage.begin('tags.move', { tagId, toGroup: await groupOf('组3') }), 1)
    await stage.run(await stage.begin('tags.move', { tagId, toGroup: await groupOf('组3'), undo: true }))
    expect([...(await atPlatform()).values()].filter((set) => set.has('标签2-2')).length).toBe(before)
    expect((await catalogue()).find((group) => group.name === '组2')?.tags.map((tag) => tag.id)).toContain(tagId)
    expect(await check()).toEqual({ catalogue: 0, marks: 0, waiting: 0, refused: 0 })
  })

  it('conflicting edits on their side are shown, settled by the owner of truth, undone, and settled again', async () => {
    await inConsole({ do: 'tag.rename', id: await platformId('标签3-3'), name: '他们的名字' })
    await inConsole({ do: 'tag.delete', id: await platformId('标签3-4') })
    const [relation] = [...links].filter(([, set]) => set.has('标签3-5'))
    const [userid = '', customer = ''] = relation?.[0].split(' ') ?? []
    await inConsole({ do: 'customer.edit', userid, customer, removeTags: [await platformId('标签3-5')] })
    await catchUp()
    expect(await check()).toMatchObject({ catalogue: 2, marks: 1 })
    const applied = await stage.begin('tags.sync', {})
    await stage.run(applied)
    await stage.settle()
    expect(await check()).toEqual({ catalogue: 0, marks: 0, waiting: 0, refused: 0 })
    expect(total(await atPlatform())).toBe(total(links))
    await stage.run(await stage.begin('tags.undo', { of: applied }))
    await stage.settle()
    expect(await check()).toMatchObject({ catalogue: 2, marks: 1 })
    expect(await platformId('他们的名字')).not.toBe('')
    await stage.run(await stage.begin('tags.sync', {}))
    await stage.settle()
    expect(await check()).toEqual({ catalogue: 0, marks: 0, waiting: 0, refused: 0 })
    expect(total(await atPlatform())).toBe(total(links))
  })

  it('what a member put on by hand survives that his administrator deletes the tag', async () => {
    const [relation] = [...links].filter(([, set]) => !set.has('标签0-5'))
    const [userid = '', customer = ''] = relation?.[0].split(' ') ?? []
    const before = [...(await atPlatform()).values()].filter((set) => set.has('标签0-5')).length
    await inConsole({ do: 'customer.edit', userid, customer, addTags: [await platformId('标签0-5')] })
    await catchUp()
    await inConsole({ do: 'tag.delete', id: await platformId('标签0-5') })
    await stage.tell([{ kind: 'tag.deleted' } as never])
    await stage.settle()
    await catchUp()
    await stage.run(await stage.begin('tags.sync', {}))
    await stage.settle()
    const after = await atPlatform()
    expect([...after.values()].filter((set) => set.has('标签0-5')).length).toBe(before + 1)
    expect(after.get(`${userid} ${customer}`)?.has('标签0-5')).toBe(true)
    expect(await check()).toEqual({ catalogue: 0, marks: 0, waiting: 0, refused: 0 })
    links = after
  })

  it('where theirs wins, a hand at the platform decides at once', async () => {
    await operator.patch(`/api/tag-groups/${await groupOf('组4')}`, { truth: 'wecom' })
    const [relation] = [...links].filter(([, set]) => set.has('标签4-1'))
    const [userid = '', customer = ''] = relation?.[0].split(' ') ?? []
    await inConsole({ do: 'customer.edit', userid, customer, removeTags: [await platformId('标签4-1')] })
    await inConsole({ do: 'tag.rename', id: await platformId('标签4-2'), name: '门店改的' })
    await catchUp()
    await stage.settle()
    expect(await idOf('门店改的')).not.toBe('')
    expect(await check()).toEqual({ catalogue: 0, marks: 0, waiting: 0, refused: 0 })
    expect((await atPlatform()).get(`${userid} ${customer}`)?.has('标签4-1')).toBe(false)
  })
})

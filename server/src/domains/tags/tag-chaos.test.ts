import { beforeAll, describe, expect, it } from 'vitest'
import { tagStage } from './tag-stage.ts'
import { tagCatalogue } from './tags.schema.ts'

/**
 * A process that is killed at its nth call of tags, of which the platform has heard or not. Without it every call goes
 * through.
 */
type Weather = { readonly at: number; readonly heard: boolean }

let weather: Weather | undefined
let calls = 0
let died: () => void = () => undefined

async function wire(input: Parameters<typeof fetch>[0], init: Parameters<typeof fetch>[1]): Promise<Response> {
  const changes = /(add_corp_tag|mark_tag|del_corp_tag)/.test(String(input))
  if (weather === undefined || !changes) return fetch(input, init)
  calls += 1
  if (calls < weather.at) return fetch(input, init)
  if (calls === weather.at && weather.heard) await (await fetch(input, init)).arrayBuffer()
  died()
  // nothing comes back to a process that is dead
  return new Promise(() => undefined)
}

const stage = await tagStage({ staff: 4, people: 24, relations: 36, fetch: wire })
const { db } = stage
let operator: Awaited<ReturnType<typeof stage.as>>
let carriers: readonly string[] = []

beforeAll(async () => {
  await stage.sync()
  await stage.settle()
  operator = await stage.as('operator')
  for (const [name, tags] of [
    ['起点', ['行李', '留守']],
    ['终点', ['接站']],
  ] as const)
    expect((await operator.post('/api/tag-groups', { name, kind: 'corp', tags })).status).toBe(201)
  const people = await db.selectFrom('customer_cards').select('customer_id').where('alive', '>', 0).execute()
  const customers = people.map((one) => one.customer_id).filter((id) => id % 2 === 0)
  const who = { tagIds: [await idOf('行李')], says: true, who: { customers }, by: 'test' }
  await stage.run(await stage.begin('tags.put', who))
  await stage.settle()
  carriers = await bearing('行李')
  expect(carriers.length).toBeGreaterThan(8)
})

const catalogue = async () => (await operator.get('/api/tags')).as(tagCatalogue).groups
const idOf = async (name: string) =>
  (await catalogue()).flatMap((group) => group.tags).find((tag) => tag.name === name)?.id ?? ''
const groupOf = async (name: string) => (await catalogue()).find((group) => group.name === name)?.id ?? ''
const standsIn = async (tagId: string) =>
  (await catalogue()).find((group) => group.tags.some((tag) => tag.id === tagId))?.name
const check = async () => stage.run(await stage.begin('tags.check', {}))
const agreed = { catalogue: 0, marks: 0, waiting: 0, refused: 0 }

/** The relations that show a tag of this name at the platform; one that showed it twice would stand here twice. */
async function bearing(name: string): Promise<string[]> {
  const relations = await db
    .selectFrom('relations')
    .select(['userid', 'external_userid'])
    .where('status', '=', 'alive')
    .execute()
  const found: string[] = []
  for (const { userid, external_userid } of relations)
    for (const shown of await stage.shown(userid, external_userid))
      if (shown === name) found.push(`${userid} ${external_userid}`)
  return found.sort()
}

/** Another process takes over what the dead one had in hand. */
async function leasesEnd(): Promise<void> {
  await db
    .updateTable('tag_calls')
    .set({ next_at: new Date(0) })
    .execute()
}

/** Runs a move until the process that makes it is killed, and then in another one to its end. */
async function killedAt(at: number, heard: boolean, input: { tagId: string; toGroup: string }): Promise<void> {
  const id = await stage.begin('tags.move', input)
  const death = new Promise<void>((resolve) => {
    died = resolve
  })
  calls = 0
  weather = { at, heard }
  await Promise.race([death, stage.run(id)])
  weather = undefined
  await leasesEnd()
  await stage.run(id)
  await stage.settle()
}

describe('a move between groups, of which each relation is one call', () => {
  // the new tag is call 1, the relations those after it; the last one deletes the old tag
  const points = [1, 2, 5, 'last relation', 'delete'] as const
  const cases = points.flatMap((point) => [true, false].map((heard) => [point, heard] as const))

  it.each(cases)('killed at call %s (heard by the platform: %s), goes on and loses nobody', async (point, heard) => {
    const tagId = await idOf('行李')
    const target = (await standsIn(tagId)) === '起点' ? '终点' : '起点'
    const at = point === 'delete' ? carriers.length + 2 : point === 'last relation' ? carriers.length + 1 : point
    await killedAt(at, heard, { tagId, toGroup: await groupOf(target) })
    expect(await standsIn(tagId)).toBe(target)
    expect(await bearing('行李')).toEqual(carriers)
    const { tag_group } = await stage.client.tags.list({})
    expect(tag_group.flatMap((group) => group.tag).filter((tag) => tag.name === '行李')).toHaveLength(1)
    expect(await check()).toEqual(agreed)
  })
})

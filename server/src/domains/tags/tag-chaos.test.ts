import { beforeAll, describe, expect, it } from 'vitest'
import { tagStage } from './tag-stage.ts'
import { tagCatalogue } from './tags.schema.ts'

type Wire = typeof fetch
const changesTags = (input: Parameters<Wire>[0]) => /(add_corp_tag|mark_tag|del_corp_tag)/.test(String(input))

/**
 * The wire of a process that is killed at its nth change of tags, of which the platform has heard or not. Nothing comes
 * back to a process that is dead, and nothing goes out from it any more.
 */
function dying(at: number, heard: boolean): { readonly fetch: Wire; readonly death: Promise<void> } {
  const never = new Promise<Response>(() => undefined)
  let calls = 0
  let died: () => void = () => undefined
  const death = new Promise<void>((resolve) => {
    died = resolve
  })
  const fetchUntilDeath: Wire = async (input, init) => {
    if (calls >= at) return never
    if (changesTags(input)) calls += 1
    if (calls < at) return fetch(input, init)
    if (heard) await (await fetch(input, init)).arrayBuffer()
    died()
    return never
  }
  return { fetch: fetchUntilDeath, death }
}

/** A wire that loses answers and calls, and refuses for a moment, until it is over or so many changes of tags have gone. */
function storm(seed: number, most: number) {
  let calls = 0
  let over = false
  const refuse = (errcode: number) => Response.json({ errcode, errmsg: 'refused for a moment' })
  const fetchInStorm: Wire = async (input, init) => {
    if (over || !changesTags(input)) return fetch(input, init)
    calls += 1
    if (calls > most) return fetch(input, init)
    const luck = (Math.imul(calls + seed, 2_654_435_761) >>> 0) % 10
    if (luck < 2) throw new TypeError('the call never arrived')
    if (luck < 4) {
      await (await fetch(input, init)).arrayBuffer()
      throw new TypeError('the answer was lost')
    }
    if (luck === 4) return refuse(45_035)
    return fetch(input, init)
  }
  return {
    fetch: fetchInStorm,
    calls: () => calls,
    end: () => {
      over = true
    },
  }
}

const stage = await tagStage({ staff: 4, people: 24, relations: 36 })
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

async function calm(): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds += 1) {
    await leasesEnd()
    await stage.settle()
    if ((await db.selectFrom('tag_calls').select('id').where('refused', '=', false).execute()).length === 0) return
  }
}

/** Runs a move until the process that makes it is killed, and then in another one to its end. */
async function killedAt(at: number, heard: boolean, input: { tagId: string; toGroup: string }): Promise<void> {
  const id = await stage.begin('tags.move', input)
  const wire = dying(at, heard)
  stage.restart(wire.fetch)
  await Promise.race([wire.death, stage.run(id)])
  stage.restart()
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

describe('a platform that loses answers and refuses for a moment', () => {
  it.each([1, 7])(
    'has in the end what we want, once, and the check finds nothing (%s)',
    { timeout: 60_000 },
    async (seed) => {
      const tagId = await idOf('留守')
      const says = (await bearing('留守')).length === 0
      const customers = (await db.selectFrom('customer_cards').select('customer_id').where('alive', '>', 0).execute())
        .map((one) => one.customer_id)
        .filter((id) => id % 3 === 0)
      const wire = storm(seed, 30)
      stage.restart(wire.fetch)
      await stage.run(await stage.begin('tags.put', { tagIds: [tagId], says, who: { customers }, by: 'test' }))
      await stage.settle()
      wire.end()
      await calm()
      const relations = await db
        .selectFrom('relations')
        .select(['userid', 'external_userid'])
        .where('status', '=', 'alive')
        .where('customer_id', 'in', says ? customers : [-1])
        .execute()
      expect(wire.calls()).toBeGreaterThan(10)
      expect(await bearing('留守')).toEqual(relations.map((one) => `${one.userid} ${one.external_userid}`).sort())
      expect(await bearing('行李')).toEqual(carriers)
      expect(await check()).toEqual(agreed)
    },
  )
})

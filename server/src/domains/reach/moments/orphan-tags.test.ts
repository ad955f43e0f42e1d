import { describe, expect, it } from 'vitest'
import { passingGroup } from '../../customers/index.ts'
import { listPassingTags } from '../../tags/index.ts'
import { writeMoments } from '../plan/moments.store.ts'
import { runStage } from '../run/run-stage.ts'
import { sweepOrphanTags } from './orphan-tags.jobs.ts'
import { orphansOf } from './orphan-tags.ts'
import { createMomentTags } from './own-tags.ts'

const now = new Date('2026-11-20T02:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const tag = (id: string, name: string, hours: number) => ({ id, name, madeAt: hoursAgo(hours) })

describe('tags of Moments that stand for no run', () => {
  it('are those of our naming and of a day ago that no run goes on with, by name or by id', () => {
    const standing = [
      ...[tag('a', '朋友圈 7-1 6550aa', 30), tag('b', '朋友圈 7-2 6550aa', 30), tag('c', '改过名字', 30)],
      ...[tag('d', '朋友圈 8-1 6550bb', 24), tag('e', '朋友圈 9-1 6550cc', 23), tag('f', '朋友圈活动', 300)],
    ]
    const inUse = [
      { id: 'x', name: '朋友圈 7-1 6550aa' },
      { id: 'b', name: '朋友圈 7-9 6550aa' },
    ]
    expect(orphansOf(standing, inUse, now).map(({ id }) => id)).toEqual(['d'])
  })

  it('are taken from everybody by the sweep; those of a run that goes on, and what somebody else put there, stay', async () => {
    const stage = await runStage({ staff: 3, people: 12, relations: 16 })
    const { db, corpId, services, client } = stage
    await stage.sync()
    const runId = await stage.planned({ kind: 'moment', moment: { tags: [] }, marketing: true })
    await db.transaction().execute((tx) => writeMoments(tx, { runId, corpId, tags: [] }, 100_000, stage.clock.now()))
    await stage.begin(runId)
    await createMomentTags(services).pass()
    const names = ['朋友圈 99999-1 6550aa', '门店自用']
    await client.tags.add({ group_name: passingGroup, tag: names.map((name) => ({ name })) })
    const standing = async () =>
      (await client.tags.list({})).tag_group.filter((one) => one.group_name === passingGroup).flatMap((one) => one.tag)
    const orphan = (await standing()).find(({ name }) => name === names[0])
    const carrier = await db
      .selectFrom('relations')
      .select(['userid', 'external_userid'])
      .limit(1)
      .executeTakeFirstOrThrow()
    await client.tags.mark({ ...carrier, add_tag: [orphan?.id ?? ''] })
    expect(await sweepOrphanTags(services, corpId)).toBe(0)
    await stage.admin('POST', '/sandbox/clock', { advanceMs: 25 * 3_600_000 })
    stage.clock.set(new Date(stage.sandbox.clock.now()))
    expect(await sweepOrphanTags(services, corpId)).toBe(1)
    const left = (await standing()).map(({ name }) => name)
    expect(left).toHaveLength(2)
    // as the house names it, it is known as ours
    const unused = orphansOf(await listPassingTags(client), [], stage.clock.now())
    expect(unused.map(({ name }) => name)).toEqual([expect.stringContaining(`朋友圈 ${runId}-1 `)])
    expect(left).toEqual(expect.arrayContaining([expect.stringContaining(`朋友圈 ${runId}-1 `), '门店自用']))
    const { follow_user } = await client.customers.get({ external_userid: carrier.external_userid })
    expect(follow_user.flatMap(({ tags }) => tags).map((one) => one.tag_id)).not.toContain(orphan?.id)
    expect(await sweepOrphanTags(services, corpId)).toBe(0)
  })
})

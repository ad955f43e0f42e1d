import { expect, it } from 'vitest'
import { manualClock } from '../infra/clock.ts'
import type { DueHandler } from '../infra/due/due.ts'
import type { OperationRequest } from '../infra/operations/operations.ts'
import { testDatabase } from '../infra/postgres/testing.ts'
import type { Services } from '../infra/services.ts'
import { defineDemoAudiences, scheduleDemoAudiences } from './audiences.ts'

const { db } = await testDatabase()
const clock = manualClock('2026-12-02T10:00:00+08:00')
const at = clock.now()
const { id: corpId } = await db
  .insertInto('corps')
  .values({ corpid: 'ww', name: '鲜果连锁', created_at: at })
  .returning('id')
  .executeTakeFirstOrThrow()
const handlers = new Map<string, DueHandler>()
const scheduled: string[] = []
const begun: OperationRequest[] = []
const services = {
  ...{ db, clock },
  due: {
    define: (kind: string, handler: DueHandler) => void handlers.set(kind, handler),
    schedule: async (_: unknown, items: readonly { kind: string }[]) =>
      void scheduled.push(...items.map(({ kind }) => kind)),
    unschedule: async () => undefined,
  },
  operations: { begin: async (request: OperationRequest) => String(begun.push(request)) },
} as unknown as Services
const look = () =>
  db.transaction().execute(async (tx) => {
    const item = { id: 1, corpId, kind: 'demo.audiences', key: String(corpId), at, payload: {} }
    await handlers.get('demo.audiences')?.([item], tx)
  })
const names = async (table: 'audiences' | 'custom_fields' | 'tags') =>
  (await db.selectFrom(table).select('name').orderBy('name').execute()).map(({ name }) => name)

it('a newcomer finds audiences, tags that follow two of them and fields, once the first reading is in; and only once', async () => {
  defineDemoAudiences(services)
  await scheduleDemoAudiences(services, corpId)
  await look()
  expect(scheduled, 'it looks again').toEqual(['demo.audiences', 'demo.audiences'])
  expect(await names('audiences')).toEqual([])
  for (const [number, name] of [
    ['P0003', '山东红富士苹果'],
    ['P0005', '水晶红富士苹果'],
  ] as const)
    await db
      .insertInto('products')
      .values({
        ...{ corp_id: corpId, source: 'shop', number, name },
        ...{ version_at: at, learnt_at: at, digest: Buffer.alloc(16) },
      })
      .execute()
  await db
    .insertInto('customer_syncs')
    .values({ corp_id: corpId, baseline_at: at, first_done_at: at, last_done_at: at })
    .execute()
  await db.insertInto('audience_settings').values({ corp_id: corpId, reconciled_at: at }).execute()
  await look()
  expect(await names('audiences')).toHaveLength(5)
  expect(await names('custom_fields')).toHaveLength(3)
  expect(await names('tags')).toEqual(expect.arrayContaining(['榴莲爱好者', '可邀请入会']))
  const rules = await db
    .selectFrom('tag_rules')
    .innerJoin('audiences', 'audiences.id', 'tag_rules.audience_id')
    .innerJoin('tags', 'tags.id', 'tag_rules.tag_id')
    .select(['tags.name as tag', 'audiences.name as audience'])
    .orderBy('tags.name')
    .execute()
  expect(rules).toEqual(
    expect.arrayContaining([
      { tag: '榴莲爱好者', audience: '榴莲爱好者' },
      { tag: '可邀请入会', audience: '买过两次还不是会员' },
    ]),
  )
  expect(begun.map(({ kind }) => kind)).toEqual(['audiences.compute', 'tags.rule', 'tags.rule'])
  await look()
  expect(await names('audiences'), 'what a person deleted does not come back').toHaveLength(5)
})

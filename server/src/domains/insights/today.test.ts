import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { appendEvents } from '../../infra/events/events.store.ts'
import type { EventKind } from '../../infra/events/events.ts'
import { testSite } from '../../infra/http/testing.ts'
import { todayRoutes } from './today.routes.ts'

const site = await testSite({ routes: (services) => [todayRoutes(services)] })
const { db, corpId, clock } = site
const operator = await site.as('operator')
const channelId = '00000000-0000-7000-8000-00000000c001'
await db
  .insertInto('channels')
  .values({
    id: channelId,
    corp_id: corpId,
    name: '门口海报',
    state: 'k7',
    code: 'doorposter',
    kind: 'qr',
    strategy: 'platform',
    created_by: 'test',
    created_at: clock.now(),
    updated_at: clock.now(),
  })
  .execute()

const today = z.object({
  adds: z.object({ today: z.number(), yesterday: z.number() }),
  first_adds: z.object({ today: z.number() }),
  net: z.object({ today: z.number() }),
  hours: z.array(z.object({ hour: z.number(), adds: z.number() })),
  channels: z.array(z.object({ name: z.string(), adds: z.number() })),
})
const read = async () => (await operator.get('/api/today')).as(today)

let keys = 0
async function happen(kind: EventKind, at: string, payload: Record<string, unknown> = {}, key = `fact ${++keys}`) {
  const event = {
    kind,
    corpId,
    customerId: 100 + keys,
    staffUserid: 'chenxiaoyu',
    occurredAt: new Date(at),
    cause: 'test',
    payload,
    dedupeKey: Buffer.from(key),
  }
  await appendEvents(db, [event], clock.now())
}

beforeEach(async () => {
  await db.deleteFrom('events').execute()
  await db.deleteFrom('dedupe_keys').execute()
  clock.set('2026-11-23T10:00:00+08:00')
})

describe('the adds of a day', () => {
  it('hold those that only a sync found, on the day and in the hour they were made at the platform', async () => {
    await happen('relation.added', '2026-11-23T08:10:00+08:00', { channelId })
    await happen('relation.found', '2026-11-23T09:20:00+08:00', { state: 'k7.a' })
    await happen('relation.found', '2026-11-23T09:40:00+08:00')
    await happen('relation.found', '2026-11-22T23:59:59+08:00', { state: 'k7' })
    const page = await read()
    expect(page.adds).toMatchObject({ today: 3, yesterday: 1 })
    expect([page.first_adds.today, page.net.today]).toEqual([3, 3])
    expect(page.hours).toEqual([
      { hour: 8, adds: 1 },
      { hour: 9, adds: 2 },
    ])
    expect(page.channels).toEqual([{ name: '门口海报', adds: 2 }])
  })

  it('count an add once that a sync found and a late callback tells too', async () => {
    await happen('relation.found', '2026-11-23T09:20:00+08:00', { state: 'k7' }, 'one add')
    await happen('relation.added', '2026-11-23T09:20:00+08:00', { channelId }, 'one add')
    const page = await read()
    expect([page.adds.today, page.channels]).toEqual([1, [{ name: '门口海报', adds: 1 }]])
  })
})

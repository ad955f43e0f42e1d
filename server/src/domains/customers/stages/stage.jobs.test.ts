import { beforeAll, expect, it } from 'vitest'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { EventKind } from '../../../infra/events/events.ts'
import { followEvents } from '../../../infra/events/follow.ts'
import { untilFollowed } from '../../../infra/events/testing.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { fedBy, followOrders, noteChanges, refreshValues } from '../../audiences/index.ts'
import { computeStages, followStages } from './stage.jobs.ts'
import { openStays } from './stage-stays.store.ts'

const site = await testSite({ routes: () => [] })
const { db, corpId, clock, services } = site
const today = Math.floor((clock.now().getTime() + 8 * 3_600_000) / 86_400_000)

const bought = (customerId: number, id: number, net: number) =>
  db
    .transaction()
    .execute((tx) =>
      noteChanges(tx, corpId, [{ customerId, kind: 'order', id, order: { id, day: today, net, lines: [] } }]),
    )
const happened = (kind: EventKind, customerId: number, payload: Record<string, unknown> = {}) =>
  appendEvents(
    db,
    [{ kind, corpId, customerId, staffUserid: undefined, occurredAt: clock.now(), cause: 'test', payload }],
    clock.now(),
  )
const feed = () => followEvents(db, fedBy, 100, async () => undefined)
/** What happened is read to its end, and what came of it too. */
const settled = async () => {
  const pass = async () => {
    await feed()
    await followOrders(services)
    await followStages(services)
  }
  await untilFollowed(db, 'audiences.values', pass)
  await untilFollowed(db, 'customers.stages', pass)
}
const told = () =>
  db
    .selectFrom('events')
    .select(['kind', 'customer_id', 'payload'])
    .where('kind', 'in', ['stage.entered', 'tier.changed'])
    .orderBy('id')
    .execute()

beforeAll(async () => {
  for (const id of [1, 2])
    await db.insertInto('customers').values({ id, corp_id: corpId, created_at: clock.now() }).execute()
  await db.transaction().execute((tx) =>
    noteChanges(
      tx,
      corpId,
      [1, 2].map((customerId) => ({ customerId, kind: 'person', present: true }) as const),
    ),
  )
  await bought(2, 20, 100)
  await refreshValues(db, corpId, clock.now(), 'test')
  await computeStages(db, corpId, clock.now(), 'time', 'test')
})

it('an order gives its buyer a value and the next stage, and both are told once', async () => {
  await bought(1, 10, 5_000)
  await happened('order.paid', 1)
  await settled()
  expect(await openStays(db, [1])).toEqual(new Map([[1, 'first']]))
  expect(await told()).toMatchObject([
    { kind: 'tier.changed', customer_id: 1, payload: { from: null, recomputed: false } },
    { kind: 'stage.entered', customer_id: 1, payload: { stage: 'first', from: 'potential', recomputed: false } },
  ])
})

it('an event that audiences have not taken over yet waits', async () => {
  await bought(1, 11, 100)
  await happened('order.paid', 1)
  expect(await followStages(services)).toBe(0)
  expect((await openStays(db, [1])).get(1)).toBe('first')
  await settled()
  expect((await openStays(db, [1])).get(1)).toBe('repeat')
})

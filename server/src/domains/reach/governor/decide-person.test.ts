import type { KyselyPlugin } from 'kysely'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { noteChanges } from '../../audiences/index.ts'
import { decideFor } from './decide-person.ts'
import { seedPolicy } from './policies.store.ts'
import { openPolicy } from './policy.ts'
import { plannedRun, someHomes } from './runs-stage.ts'
import type { Touch } from './touch.ts'
import { recordTouches } from './touches.store.ts'

const { db } = await testDatabase()
const corpId = 1
const at = new Date('2026-11-20T02:30:00Z')
const ask = { channel: 'customer_send', priority: 5, at, waitUntil: null } as const

beforeAll(async () => {
  await sql`insert into corps (id, corpid, name, created_at, limits) overriding system value
    values (${corpId}, 'ww1', 'c', ${at}, '{"broadcast.cap_mode":"daily_1"}')`.execute(db)
  await someHomes(db, corpId, 2, 1)
  await db.transaction().execute((tx) =>
    noteChanges(tx, corpId, [
      { customerId: 1, kind: 'person', present: true },
      { customerId: 1, kind: 'mark', key: 'tier:vip', present: true },
    ]),
  )
  const rules = { ...openPolicy, whom: { is: 'tier' as const, any: ['vip'] }, gap_minutes: 60 }
  await seedPolicy(db, corpId, 'VIP', { place: 1, rules, note: '' }, new Date(at.getTime() - 1_000))
})

it('asks twice, once the policies are known', async () => {
  let asked = 0
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      asked += 1
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const counted = db.withPlugin(counting)
  expect((await decideFor(counted, corpId, 1, ask)).policy?.name).toBe('VIP')
  asked = 0
  expect((await decideFor(counted, corpId, 1, ask)).policy?.name).toBe('VIP')
  expect(asked).toBe(2)
})

it('counts what was no marketing against the platform’s quota, from the first run of its kind on', async () => {
  const served: Touch = {
    ...{ customerId: 2, at: new Date(at.getTime() - 3_600_000), effect: 'campaign:1', corpId },
    ...{ channel: 'customer_send', kind: 'service' },
  }
  expect((await decideFor(db, corpId, 1, ask)).decision.verdict).toBe('send')
  await plannedRun(db, corpId, served.at, { marketing: false })
  await db.transaction().execute((tx) => recordTouches(tx, [served]))
  const { decision } = await decideFor(db, corpId, 1, ask)
  expect(decision.hits).toMatchObject([{ reason: 'quota', until: Date.parse('2026-11-20T16:00:00Z') / 1000 }])
  // the quota of mass sends says nothing of Moments
  expect((await decideFor(db, corpId, 1, { ...ask, channel: 'moments' })).decision.verdict).toBe('send')
})

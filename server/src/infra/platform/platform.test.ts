import { CircuitOpenError } from '@nuanyu/wecom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { saveApp, saveCorp } from '../../domains/organisation/corps.store.ts'
import { databaseLeases } from '../budget/budget.store.ts'
import { createSharedBudget } from '../budget/budget.ts'
import { createListener } from '../db/listen.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { testDatabase } from '../postgres/testing.ts'
import { createVault } from '../secrets/vault.ts'
import { createPlatform } from './platform.ts'
import { testSandbox } from './testing.ts'

const { db, pool } = await testDatabase()
const log = createLog('silent')
const vault = createVault('a key for tests that is long enough')
const at = new Date('2026-11-11T08:00:00+08:00')
const sandbox = testSandbox()
const { url } = await sandbox.listen({ port: 0, host: '127.0.0.1' })
const listener = createListener(pool, log)
const budget = createSharedBudget({ source: databaseLeases({ db, listener }), log })
const metrics = createMetrics()
const newProcess = () => createPlatform({ db, vault, log, metrics, listener, budget, baseUrl: url })
const [platform, other] = [newProcess(), newProcess()]

const sandboxCorps = z.object({
  corps: z.array(
    z.object({
      corpId: z.string(),
      name: z.string(),
      apps: z.array(z.object({ appKey: z.string(), secret: z.string() })),
    }),
  ),
})
const summary = z.object({ calls: z.object({ byPath: z.record(z.string(), z.object({ count: z.number() })) }) })
const read = async <T extends z.ZodType>(path: string, shape: T) =>
  shape.parse(await (await fetch(`${url}${path}`)).json())

let corpId = 0
let secret = ''

beforeAll(async () => {
  await listener.start()
  const { corps } = await read('/sandbox/corps', sandboxCorps)
  const brand = corps[0]
  secret = brand?.apps.find((app) => app.appKey === 'nuanyu')?.secret ?? ''
  corpId = (await saveCorp(db, { corpid: brand?.corpId ?? '', name: brand?.name ?? '' }, at)).id
})
afterAll(async () => {
  budget.stop()
  await listener.stop()
  await sandbox.close()
})

const app = (change: { secret?: string }) =>
  saveApp(db, vault, { corpId, appKey: 'nuanyu', kind: 'app', name: '暖域', ...change }, at)
const word = () =>
  new Promise<void>((resolve) => {
    const stop = listener.on('nuanyu_apps', () => {
      stop()
      resolve()
    })
  })

describe('clients of the platform', () => {
  test('there is none before an app with a secret is connected, and one in every process afterwards', async () => {
    expect(await platform.forCorp(corpId)).toBeUndefined()
    const told = word()
    await app({ secret })
    await told
    for (const process of [platform, other]) {
      const client = await process.forCorp(corpId)
      const answer = await client?.contacts.listDepartments({})
      expect(answer?.department.length).toBeGreaterThan(0)
    }
    const { calls } = await read('/sandbox/oracle/summary', summary)
    expect(calls.byPath['/cgi-bin/gettoken']?.count).toBe(1)
  })

  test('a wrong secret stops all processes until a person enters the right one', async () => {
    let told = word()
    await app({ secret: 'wrong' })
    await told
    told = word()
    const refused = await (await platform.forCorp(corpId))?.contacts
      .listDepartments({})
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Error)
    await told
    await expect((await other.forCorp(corpId))?.contacts.listDepartments({})).rejects.toBeInstanceOf(CircuitOpenError)
    told = word()
    await app({ secret })
    await told
    await expect((await other.forCorp(corpId))?.contacts.listDepartments({})).resolves.toBeDefined()
  })

  test('a corp’s own limits are seen by its next call', async () => {
    expect((await platform.limits(corpId)).value('customer.per_member')).toBe(5_000)
    const told = word()
    await db
      .updateTable('corps')
      .set({ limits: JSON.stringify({ 'customer.per_member': 20_000 }) })
      .where('id', '=', corpId)
      .execute()
    await app({})
    await told
    expect((await platform.limits(corpId)).value('customer.per_member')).toBe(20_000)
  })

  test('says which APIs were used and how far', async () => {
    const use = await platform.use(corpId)
    const departments = use.find(({ path }) => path === '/cgi-bin/department/list')
    expect(departments?.usedHour).toBeGreaterThanOrEqual(1)
    expect(departments?.limitMinute).toBe(8_500)
    expect(departments?.exhaustedAt).toBeUndefined()
  })
})

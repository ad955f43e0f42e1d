import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveApp, saveCorp } from '../../domains/organisation/corps.store.ts'
import { openDatabase } from '../db/database.ts'
import { createListener } from '../db/listen.ts'
import { testDatabase } from '../postgres/testing.ts'
import { createVault } from '../secrets/vault.ts'
import { appTokens } from './tokens.ts'

const { db, pool, url } = await testDatabase()
const vault = createVault('a key for tests that is long enough')
const at = new Date('2026-11-11T08:00:00+08:00')
const hour = 3_600_000
const listener = createListener(pool, pino({ level: 'silent' }))
let corpId = 0
let apps = 0

beforeAll(async () => {
  corpId = (await saveCorp(db, { corpid: 'wwtest', name: '测试' }, at)).id
  await listener.start()
})
afterAll(() => listener.stop())

async function newApp(): Promise<string> {
  apps += 1
  const id = await saveApp(db, vault, { corpId, appKey: `app-${apps}`, kind: 'app', name: 'App', secret: 's' }, at)
  const app = await db.selectFrom('apps').select('secret_sealed').where('id', '=', id).executeTakeFirstOrThrow()
  secrets.set(id, app.secret_sealed ?? Buffer.of())
  return id
}
/** Those that the apps were made with. */
const secrets = new Map<string, Buffer>()
const processOf = (appId: string) =>
  appTokens({ db, vault, appId, corpId, secretSealed: secrets.get(appId) ?? Buffer.of() })
const tokenNamed = (token: string) => ({ token, expiresAt: Date.now() + 2 * hour })

describe('tokens shared by processes', () => {
  test('many callers in several processes cause one fetch', async () => {
    const appId = await newApp()
    let fetches = 0
    const fetcher = async () => {
      fetches += 1
      await new Promise((resolve) => setImmediate(resolve))
      return tokenNamed(`t${fetches}`)
    }
    const processes = [processOf(appId), processOf(appId), processOf(appId)]
    const tokens = await Promise.all(
      processes.flatMap((tokens) => [1, 2, 3].map(() => tokens.fetchOnce('key', fetcher))),
    )
    expect(fetches).toBe(1)
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t1']))
  })

  test('a token stands sealed in the database and is read by a process that comes later', async () => {
    const appId = await newApp()
    await processOf(appId).fetchOnce('key', async () => tokenNamed('secret-token'))
    const row = await db.selectFrom('access_tokens').selectAll().where('app_id', '=', appId).executeTakeFirstOrThrow()
    expect(row.token_sealed.toString('latin1')).not.toContain('secret-token')
    expect((await processOf(appId).get('key'))?.token).toBe('secret-token')
  })

  test('a refused token is fetched anew once, however many processes were refused', async () => {
    const appId = await newApp()
    const [a, b] = [processOf(appId), processOf(appId)]
    await a.fetchOnce('key', async () => tokenNamed('old'))
    await b.get('key')
    let fetches = 0
    const fetcher = async () => {
      fetches += 1
      return tokenNamed('new')
    }
    for (const process of [a, b]) {
      await process.drop('key', 'old')
      expect((await process.fetchOnce('key', fetcher)).token).toBe('new')
    }
    expect(fetches).toBe(1)
  })

  test('dropping a token that was replaced meanwhile keeps the new one', async () => {
    const appId = await newApp()
    const tokens = processOf(appId)
    await tokens.fetchOnce('key', async () => tokenNamed('new'))
    await processOf(appId).drop('key', 'old')
    expect((await processOf(appId).get('key'))?.token).toBe('new')
  })

  test('a token near its end is not handed out', async () => {
    const appId = await newApp()
    const tokens = processOf(appId)
    await tokens.fetchOnce('key', async () => ({ token: 'short', expiresAt: Date.now() + 10_000 }))
    expect(await tokens.get('key')).toBeUndefined()
  })

  test('a failed fetch is not remembered', async () => {
    const tokens = processOf(await newApp())
    await expect(tokens.fetchOnce('key', async () => Promise.reject(new Error('no network')))).rejects.toThrow(
      'no network',
    )
    expect((await tokens.fetchOnce('key', async () => tokenNamed('later'))).token).toBe('later')
  })

  test('with the database away a process fetches for itself and keeps what it had', async () => {
    const appId = await newApp()
    const gone = openDatabase(url.replace(/:\d+\//, ':1/'), { max: 1 })
    const tokens = appTokens({ db: gone.db, vault, appId, corpId, secretSealed: Buffer.of() })
    expect(await tokens.get('key')).toBeUndefined()
    expect((await tokens.fetchOnce('key', async () => tokenNamed('own'))).token).toBe('own')
    expect((await tokens.get('key'))?.token).toBe('own')
    expect(await tokens.circuit('key')).toBeUndefined()
    await tokens.openCircuit('key', '40001')
    expect(await tokens.circuit('key')).toBe('40001')
    await gone.close()
  })
})

describe('the circuit of a refused secret', () => {
  test('opened by one process it is open for all, until the secret is changed', async () => {
    const appId = await newApp()
    const [a, b] = [processOf(appId), processOf(appId)]
    const off = listener.on('nuanyu_apps', () => b.forget())
    expect(await b.circuit('key')).toBeUndefined()
    const told = () =>
      new Promise<void>((resolve) => {
        const stop = listener.on('nuanyu_apps', () => {
          stop()
          resolve()
        })
      })
    let word = told()
    await a.openCircuit('key', '40001 invalid credential')
    await word
    expect(await b.circuit('key')).toBe('40001 invalid credential')

    word = told()
    await saveApp(db, vault, { corpId, appKey: `app-${apps}`, kind: 'app', name: 'App', secret: 'mended' }, at)
    await word
    expect(await b.circuit('key')).toBeUndefined()
    off()
  })

  test('a refusal that comes after the secret was changed does not open it for the new one', async () => {
    const appId = await newApp()
    const before = processOf(appId)
    await saveApp(db, vault, { corpId, appKey: `app-${apps}`, kind: 'app', name: 'App', secret: 'mended' }, at)
    await before.openCircuit('key', '40001 invalid credential')
    expect(await processOf(appId).circuit('key')).toBeUndefined()
  })

  test('changing the name of an app leaves its circuit open', async () => {
    const appId = await newApp()
    await processOf(appId).openCircuit('key', 'refused')
    await saveApp(db, vault, { corpId, appKey: `app-${apps}`, kind: 'app', name: 'Other name' }, at)
    expect(await processOf(appId).circuit('key')).toBe('refused')
  })

  test('a new secret forgets the token of the old one', async () => {
    const appId = await newApp()
    await processOf(appId).fetchOnce('key', async () => tokenNamed('of the old secret'))
    await saveApp(db, vault, { corpId, appKey: `app-${apps}`, kind: 'app', name: 'App', secret: 'new' }, at)
    expect(await processOf(appId).get('key')).toBeUndefined()
  })
})

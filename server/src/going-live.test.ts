import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// biome-ignore lint/style/noRestrictedImports: a server of a real corp keeps the machine's time, and so does its platform
import { createSandbox } from '@nuanyu/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { demoPassword, hashPassword } from './infra/auth/passwords.ts'
import { loadConfig } from './infra/config.ts'
import { createLog } from './infra/log.ts'
import { testDatabase } from './infra/postgres/testing.ts'
import { type RunningServer, startServer } from './start.ts'

/** A server of a real corp (SANDBOX=off) on an empty database; the sandbox only plays the platform's address. */

const database = await testDatabase()
// the platform waits a second for a verification, by the machine's clock: a busy machine would need more, and then nothing
// after it is verified either. This one waits for longer, and its corp knows
const overrides = { 'callback.verify_timeout_s': 60 }
const platform = createSandbox({ people: 20, staff: 6, relations: 20, settings: { limits: { overrides } } })
const { url: wecomUrl } = await platform.listen({ port: 0 })
const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-live-'))
const password = 'first-run-password-9'
const port = await freePort()
const url = `http://localhost:${port}`
let server: RunningServer

beforeAll(async () => {
  const config = loadConfig({
    PORT: String(port),
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    SANDBOX: 'off',
    WECOM_URL: wecomUrl,
    ADMIN_PASSWORD: password,
    DATABASE_POOL: '10',
  })
  server = await startServer(config, createLog('silent'))
  await logIn()
}, 60_000)
afterAll(async () => {
  await server.stop()
  await platform.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

let cookie = ''
let csrf = ''
async function call(method: string, path: string, body?: unknown) {
  const form = body instanceof FormData
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      cookie,
      origin: url,
      'x-csrf-token': csrf,
      ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : undefined
  return { status: response.status, text, body: parsed, headers: response.headers }
}
async function logIn(): Promise<void> {
  const reply = await call('POST', '/api/auth/login', { username: 'admin', password })
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)])
  cookie = reply.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  csrf = z.object({ csrf: z.string() }).parse((await call('GET', '/api/auth/me')).body).csrf
}
async function demoLogIn(): Promise<number> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'demo-left', password: demoPassword }),
  })
  return response.status
}
const guideShape = z.object({
  corp: z.object({ corpid: z.string(), name: z.string() }).nullable(),
  apps: z.array(z.object({ app_key: z.string(), name: z.string(), verified_at: z.string().nullable() })),
  steps: z.array(z.object({ id: z.string(), state: z.string() })),
  outbound_ips: z.array(z.string()),
})
const guide = async () => guideShape.parse((await call('GET', '/api/guide')).body)
const state = async (id: string) => (await guide()).steps.find((step) => step.id === id)?.state
const report = z.object({ findings: z.array(z.object({ code: z.string() })) })
const keys = z.object({ url: z.string(), token: z.string(), aes_key: z.string() })

const apps = new Map(
  z
    .object({
      corps: z.array(
        z.object({
          corpId: z.string(),
          apps: z.array(z.object({ appKey: z.string(), agentId: z.number(), secret: z.string() })),
        }),
      ),
    })
    .parse(await (await fetch(`${wecomUrl}/sandbox/corps`)).json())
    .corps[0]?.apps.map((app) => [app.appKey, app]),
)
const corpid = platform.world.corpId

/** Pastes URL, token and key into the platform's own console, which verifies them at once. */
async function paste(appKey: string, made: z.output<typeof keys>): Promise<number> {
  const saved = await fetch(`${wecomUrl}/sandbox/corps/${corpid}/apps/${appKey}/callback`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: made.url, token: made.token, aesKey: made.aes_key }),
  })
  return saved.status
}

describe('a real corp goes live by the guide', () => {
  it('an empty database opens with the guide and no corp', async () => {
    const me = z.object({ corp: z.object({ id: z.string() }) }).parse((await call('GET', '/api/auth/me')).body)
    expect(me.corp.id).toBe('')
    expect((await guide()).corp).toBeNull()
    expect(await state('corp')).toBe('open')
    expect((await call('POST', '/api/doctor/run')).status).toBe(409)
    expect((await call('POST', '/api/guide/apps/nuanyu/callback')).status).toBe(404)
  })

  it('an account of the demo, left from a trial, still logs in while no real corp is connected', async () => {
    await database.db
      .insertInto('accounts')
      .values({
        id: '00000000-0000-7000-8000-0000000000d1',
        username: 'demo-left',
        name: '演示',
        role: 'administrator',
        scope_kind: 'corp',
        password_hash: await hashPassword(demoPassword),
        created_at: new Date('2026-11-11T02:00:00Z'),
        created_by: 'demo',
      })
      .execute()
    expect(await demoLogIn()).toBe(200)
  })

  it('a wrong secret is refused with the platform’s reason, tried once, and nothing is kept', async () => {
    const reply = await call('POST', '/api/guide/corp', {
      corpid,
      name: '鲜果连锁',
      agent_id: 1000002,
      secret: 'certainly-not-the-secret',
    })
    expect([reply.status, reply.body]).toMatchObject([502, { code: 'platform', details: { errcode: 40001 } }])
    expect((await guide()).corp).toBeNull()
  })

  it('the right one connects the corp, begins the first sync and is never shown again', async () => {
    const secret = apps.get('nuanyu')?.secret ?? ''
    const reply = await call('POST', '/api/guide/corp', { corpid, name: '鲜果连锁', agent_id: 1000002, secret })
    expect([reply.status, reply.text]).toEqual([204, ''])
    const { corp, apps: connected } = await guide()
    expect([corp, connected.map((app) => app.app_key)]).toEqual([{ corpid, name: '鲜果连锁' }, ['nuanyu']])
    const operations = z.object({ items: z.array(z.object({ kind: z.string() })) })
    expect(operations.parse((await call('GET', '/api/operations')).body).items.map((one) => one.kind)).toContain(
      'sync.first',
    )
    const { rows } = await database.pool.query<{ all: string }>(
      `select coalesce(string_agg(summary::text, ''), '') as all from audit_entries`,
    )
    expect([(await call('GET', '/api/guide')).text, rows[0]?.all].join()).not.toContain(secret)
    expect(await state('corp')).toBe('done')
  })

  it('what this corp has agreed with the platform is kept as its limits', async () => {
    expect((await call('PATCH', '/api/limits', { overrides })).status).toBe(200)
  })

  it('with a real corp the published password opens nothing any more, one’s own still does', async () => {
    expect(await demoLogIn()).toBe(403)
    expect((await call('GET', '/api/guide')).status).toBe(200)
  })

  it('new callback keys work at once: self-test, then the platform verifies the address', async () => {
    const made = keys.parse((await call('POST', '/api/guide/apps/nuanyu/callback')).body)
    expect(made.url).toBe(`${url}/callbacks/wecom/${corpid}/nuanyu`)
    const tested = z
      .object({ ok: z.boolean(), ms: z.number() })
      .parse((await call('POST', '/api/guide/apps/nuanyu/self-test')).body)
    expect(tested.ok).toBe(true)
    // our own test does not pass for the platform's
    expect(await state('callback')).toBe('open')
    expect(await paste('nuanyu', { ...made, token: 'another' })).toBeGreaterThanOrEqual(400)
    expect(await paste('nuanyu', made)).toBe(200)
    expect(await state('callback')).toBe('done')
  })

  it('contacts-sync has a secret and an address of its own', async () => {
    const reply = await call('PUT', '/api/guide/apps/contacts/secret', { secret: apps.get('contacts')?.secret })
    expect([reply.status, reply.text]).toEqual([204, ''])
    expect(await paste('contacts', keys.parse((await call('POST', '/api/guide/apps/contacts/callback')).body))).toBe(
      200,
    )
    expect(await state('contacts')).toBe('done')
  })

  it('the corp’s own upkeep has begun, without a restart', async () => {
    const due = await database.db
      .selectFrom('due')
      .select('kind')
      .where('kind', 'in', ['doctor.run', 'media.renew'])
      .execute()
    expect(due.map(({ kind }) => kind).toSorted()).toEqual(['doctor.run', 'media.renew'])
  })

  it('the ownership file is served at the root to everybody, and nothing else is taken for one', async () => {
    const upload = (name: string, content: string) => {
      const form = new FormData()
      form.set('file', new File([content], name))
      return call('POST', '/api/guide/files', form)
    }
    expect((await upload('WW_verify_abc.html', 'x')).status).toBe(400)
    expect((await upload('WW_verify_abc.txt', '<script>')).status).toBe(400)
    expect((await upload('WW_verify_Ab12.txt', 'Zy98\n')).status).toBe(201)
    const served = await fetch(`${url}/WW_verify_Ab12.txt`)
    expect([served.status, served.headers.get('content-type'), await served.text()]).toEqual([
      200,
      expect.stringContaining('text/plain'),
      'Zy98',
    ])
    expect((await fetch(`${url}/WW_verify_Nope.txt`)).status).toBe(404)
    expect((await call('DELETE', '/api/guide/files/WW_verify_Ab12.txt')).status).toBe(204)
    expect((await fetch(`${url}/WW_verify_Ab12.txt`)).status).toBe(404)
  })

  it('the doctor then finds only what this machine lacks, and reads the platform’s addresses', async () => {
    const run = await call('POST', '/api/doctor/run')
    expect(
      report
        .parse(run.body)
        .findings.map((one) => one.code)
        .toSorted(),
    ).toEqual(['domain.redirect', 'site.not_public'])
    expect((await guide()).outbound_ips).toContain('127.0.0.1')
    expect([await state('site'), await state('callable')]).toEqual(['problem', 'done'])
  })

  it('what no interface tells is ticked by a person, and can be taken back', async () => {
    expect((await call('PUT', '/api/guide/steps/archive', { state: 'skipped' })).status).toBe(200)
    expect(await state('archive')).toBe('skipped')
    await call('PUT', '/api/guide/steps/archive', { state: 'open' })
    expect(await state('archive')).toBe('open')
    expect((await call('PUT', '/api/guide/steps/nothing', { state: 'done' })).status).toBe(400)
  })
})

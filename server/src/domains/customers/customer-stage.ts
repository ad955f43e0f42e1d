import { createSandbox, type Sandbox, type SandboxOptions } from '@nuanyu/sandbox'
import { type Client, createClient, limitProfile, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import { afterAll } from 'vitest'
import { z } from 'zod'
import { type TestSite, type TestSiteOptions, testSite } from '../../infra/http/testing.ts'
import { OperationInterrupted, type OperationRun } from '../../infra/operations/operations.ts'
import type { Platform } from '../../infra/platform/platform.ts'
import { runSync } from './sync.job.ts'
import type { SyncReport } from './sync.ts'

const corpsAnswer = z.object({
  corps: z.array(z.object({ corpId: z.string(), apps: z.array(z.object({ appKey: z.string(), secret: z.string() })) })),
})
const callsAnswer = z.object({ calls: z.array(z.object({ path: z.string(), errcode: z.number() })) })
const peopleAnswer = z.object({
  people: z.array(z.object({ id: z.string(), userid: z.string().optional(), name: z.string() })),
})

/** A site with the sandbox as its platform: what tests of customers stand on. */
export interface CustomerStage extends TestSite {
  readonly sandbox: Sandbox
  readonly client: Client
  /** The sandbox's admin interface. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>
  people(role: 'staff' | 'customer', limit?: number): Promise<{ id: string; name: string }[]>
  /** Runs a sync to its end, or until so many progress reports were made. */
  sync(options?: { id?: string; stopAfter?: number }): Promise<SyncReport>
  /** How often an endpoint was called since the sandbox started, or since the last reset. */
  calls(path: string): Promise<number>
}

export async function customerStage(
  options: SandboxOptions & { site?: Partial<TestSiteOptions>; fetch?: typeof fetch } = {},
): Promise<CustomerStage> {
  const { site: given = {}, fetch: wire, ...world } = options
  const sandbox = createSandbox(world)
  const { url } = await sandbox.listen({ port: 0 })
  afterAll(() => sandbox.close())
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const said: unknown = await answer.json()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`)
    return said
  }
  const [brand] = corpsAnswer.parse(await admin('GET', '/sandbox/corps')).corps
  const app = brand?.apps.find((one) => one.appKey === 'nuanyu')
  if (brand === undefined || app === undefined) throw new Error('the sandbox has no brand with our app')
  const client = createClient({
    baseUrl: url,
    corpId: brand.corpId,
    appKey: app.appKey,
    secret: app.secret,
    tokens: memoryTokenStore(),
    budget: memoryBudget(),
    ...(wire === undefined ? {} : { fetch: wire }),
  })
  const platform: Pick<Platform, 'forCorp' | 'limits'> = {
    forCorp: async () => client,
    limits: async () => limitProfile(),
  }
  const site = await testSite({
    routes: () => [],
    ...given,
    services: { platform: platform as Platform, ...given.services },
  })
  site.clock.set(new Date(sandbox.clock.now()))
  return {
    ...site,
    sandbox,
    client,
    admin,
    people: async (role, limit = 200) =>
      peopleAnswer.parse(await admin('GET', `/sandbox/people?role=${role}&limit=${limit}`)).people,
    sync: ({ id = uuid(), stopAfter = Number.POSITIVE_INFINITY } = {}) =>
      runSync(site.services, runOf(id, site.corpId, stopAfter)),
    calls: async (path) =>
      callsAnswer
        .parse(await admin('GET', '/sandbox/oracle/calls?limit=1000'))
        .calls.filter((call) => call.path.endsWith(path)).length,
  }
}

function runOf(id: string, corpId: number, stopAfter: number): OperationRun<unknown> {
  let reports = 0
  return {
    id,
    corpId,
    input: {},
    checkpoint: null,
    progress: async ({ done }) => {
      if (done > 0) reports += 1
      if (reports >= stopAfter) throw new OperationInterrupted('the test stops it')
    },
  }
}

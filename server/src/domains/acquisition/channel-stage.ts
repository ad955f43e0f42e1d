import { createSandbox, type Sandbox, type SandboxOptions, type SettingsPatch } from '@nuanyu/sandbox'
import { type Client, createClient, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { afterAll } from 'vitest'
import { z } from 'zod'
import type { Listener } from '../../infra/db/listen.ts'
import { createDue } from '../../infra/due/due.ts'
import { type TestSite, testSite } from '../../infra/http/testing.ts'
import type { Platform } from '../../infra/platform/platform.ts'
import type { TestDatabase } from '../../infra/postgres/testing.ts'
import type { Services } from '../../infra/services.ts'
import { channelRouters } from './channel.routers.ts'
import { defineChannelDue } from './channel-due.jobs.ts'
import { type ChannelUpkeep, createChannelUpkeep } from './code-upkeep.ts'
import { landingRoutes } from './landing.routes.ts'

/** A site with the sandbox as its platform: what tests of channels stand on. */
export interface ChannelStage extends TestSite {
  readonly sandbox: Sandbox
  readonly url: string
  readonly client: Client
  readonly upkeep: ChannelUpkeep
  settings(patch: SettingsPatch): Promise<void>
  /** The sandbox's admin interface. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>
  /** Members the sandbox has, known to us as the sync would know them. */
  staff(count: number): Promise<string[]>
}

/** Tests run what is due themselves. */
const deaf: Listener = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }

const corpsAnswer = z.object({
  corps: z.array(z.object({ corpId: z.string(), apps: z.array(z.object({ appKey: z.string(), secret: z.string() })) })),
})
const peopleAnswer = z.object({ people: z.array(z.object({ userid: z.string(), name: z.string() })) })

export async function channelStage(
  options: SandboxOptions & { services?: Partial<Services>; fetch?: typeof fetch; database?: TestDatabase } = {},
): Promise<ChannelStage> {
  const { services: given, fetch: wire, database, ...world } = options
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
  const platform: Pick<Platform, 'forCorp'> = { forCorp: async () => client }
  const site = await testSite({
    routes: channelRouters,
    services: { ...given, platform: platform as Platform },
    ...(database === undefined ? {} : { database }),
  })
  site.app.route('/', landingRoutes(site.services))
  const staff = async (count: number) => {
    const { people } = peopleAnswer.parse(await admin('GET', `/sandbox/people?role=staff&limit=${count}`))
    await site.db
      .insertInto('staff')
      .values(
        people.map(({ userid, name }) => ({
          corp_id: site.corpId,
          userid,
          name,
          status: 1,
          follows: true,
          first_seen_at: new Date('2026-01-01'),
          seen_at: site.clock.now(),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return people.map((one) => one.userid)
  }
  const due = createDue({ ...site.services, listener: deaf })
  defineChannelDue({ due })
  const upkeep = createChannelUpkeep(site.services)
  return {
    ...site,
    sandbox,
    url,
    client,
    upkeep: {
      ...upkeep,
      pass: async (how) => {
        await due.run()
        return upkeep.pass(how)
      },
    },
    admin,
    staff,
    settings: async (patch) => void (await admin('PATCH', '/sandbox/settings', patch)),
  }
}

/** A channel's input with what the API fills in itself. */
export function channelInput(userids: readonly string[], over: Record<string, unknown> = {}) {
  return {
    kind: 'qr',
    name: '门店海报',
    strategy: 'platform',
    members: userids.map((ref) => ({ kind: 'staff', ref })),
    ...over,
  }
}

import type { SandboxOptions, SettingsPatch } from '@nuanyu/sandbox'
import type { Listener } from '../../../infra/db/listen.ts'
import { createDue } from '../../../infra/due/due.ts'
import { type TestSite, testSite } from '../../../infra/http/testing.ts'
import { type SandboxPlatform, sandboxPlatform } from '../../../infra/platform/testing.ts'
import type { TestDatabase } from '../../../infra/postgres/testing.ts'
import type { Services } from '../../../infra/services.ts'
import { type ChannelUpkeep, createChannelUpkeep } from '../codes/code-upkeep.ts'
import { landingRoutes } from '../landing/landing.routes.ts'
import { channelRouters } from './channel.routers.ts'
import { defineChannelDue } from './channel-due.jobs.ts'

/** A site with the sandbox as its platform: what tests of channels stand on. */
export interface ChannelStage extends TestSite, Omit<SandboxPlatform, 'platform'> {
  readonly upkeep: ChannelUpkeep
  settings(patch: SettingsPatch): Promise<void>
  /** Members the sandbox has, known to us as the sync would know them. */
  staff(count: number): Promise<string[]>
}

/** Tests run what is due themselves. */
const deaf: Listener = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }

export async function channelStage(
  options: SandboxOptions & { services?: Partial<Services>; database?: TestDatabase } = {},
): Promise<ChannelStage> {
  const { services: given, database, ...world } = options
  const behind = await sandboxPlatform(world)
  const site = await testSite({
    routes: channelRouters,
    services: { ...given, platform: behind.platform },
    ...(database === undefined ? {} : { database }),
  })
  site.app.route('/', landingRoutes(site.services))
  const staff = async (count: number) => {
    const people = await behind.people('staff', count)
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
    ...behind,
    upkeep: {
      ...upkeep,
      pass: async (how) => {
        await due.run()
        return upkeep.pass(how)
      },
    },
    staff,
    settings: async (patch) => void (await behind.admin('PATCH', '/sandbox/settings', patch)),
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

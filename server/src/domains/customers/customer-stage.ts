import type { SandboxOptions } from '@nuanyu/sandbox'
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { type TestSite, type TestSiteOptions, testSite } from '../../infra/http/testing.ts'
import { testRun } from '../../infra/operations/testing.ts'
import { type SandboxPlatform, sandboxPlatform } from '../../infra/platform/testing.ts'
import { runSync } from './sync/sync.job.ts'
import type { SyncReport } from './sync/sync.ts'

const callsAnswer = z.object({ calls: z.array(z.object({ path: z.string(), errcode: z.number() })) })

/** A site with the sandbox as its platform: what tests of customers stand on. */
export interface CustomerStage extends TestSite, Omit<SandboxPlatform, 'platform'> {
  /** Runs a sync to its end, or until so many progress reports were made. */
  sync(options?: { id?: string; stopAfter?: number }): Promise<SyncReport>
  /** How often an endpoint was called since the sandbox started, or since the last reset. */
  calls(path: string): Promise<number>
}

export async function customerStage(
  options: SandboxOptions & { site?: Partial<TestSiteOptions> } = {},
): Promise<CustomerStage> {
  const { site: given = {}, ...world } = options
  const behind = await sandboxPlatform(world)
  const site = await testSite({
    routes: () => [],
    ...given,
    services: { platform: behind.platform, ...given.services },
  })
  site.clock.set(new Date(behind.sandbox.clock.now()))
  return {
    ...site,
    ...behind,
    sync: ({ id = uuid(), stopAfter = Number.POSITIVE_INFINITY } = {}) =>
      runSync(
        site.services,
        testRun({ id, corpId: site.corpId, input: {}, checkpoint: null }, { after: stopAfter, how: 'killed' }),
      ),
    calls: async (path) =>
      callsAnswer
        .parse(await behind.admin('GET', '/sandbox/oracle/calls?limit=1000'))
        .calls.filter((call) => call.path.endsWith(path)).length,
  }
}

import type { SandboxOptions } from '@nuanyu/sandbox'
import { schedule, unschedule } from '../../infra/due/due.store.ts'
import { createDue } from '../../infra/due/due.ts'
import { untilFollowed } from '../../infra/events/testing.ts'
import { heldOperations } from '../../infra/operations/testing.ts'
import type { Services } from '../../infra/services.ts'
import { audienceRouters } from '../audiences/index.ts'
import { type CustomerStage, customerStage } from '../customers/customer-stage.ts'
import { createCustomerUpkeep, handleCustomerCallbacks } from '../customers/freshness/customer-upkeep.ts'
import type { Callback } from '../intake/index.ts'
import { defineTagOperations, personTagRoutes, tagSyncRoutes, tagsRoutes } from './index.ts'
import { ruleTagRoutes } from './rule-tags.routes.ts'
import { createTagUpkeep } from './tag-upkeep.ts'

export interface TagStage extends CustomerStage {
  readonly services: Services
  /** Rounds of the tags' upkeep until nothing is left to do. */
  settle(): Promise<void>
  /** Runs an operation that a route has begun, or as given; `stopAfter`: a person cancels after so many reports. */
  run(id: string, stopAfter?: number): Promise<unknown>
  begin(kind: `tags.${string}`, input: unknown): Promise<string>
  /** Runs what is due by the business clock. */
  due(): Promise<void>
  /** The platform's callbacks of tags and edits, as the inbox hands them on. */
  tell(events: readonly Callback['event'][]): Promise<void>
  /** What the platform shows on a relation. */
  shown(userid: string, externalUserid: string): Promise<string[]>
}

/** A site with the sandbox as its platform and the tags' rooms routes: what tests of tags stand on. */
export async function tagStage(options: SandboxOptions = {}): Promise<TagStage> {
  const operations = heldOperations(() => stage.db)
  const stage: CustomerStage = await customerStage({
    ...options,
    site: {
      routes: (services) => [
        ...[tagsRoutes(services), personTagRoutes(services), tagSyncRoutes(services), ruleTagRoutes(services)],
        ...audienceRouters(services),
      ],
      services: {
        operations,
        // what is due runs by `due()`
        due: { schedule, unschedule } as Services['due'],
      },
    },
  })
  const { db, corpId, services } = stage
  const upkeep = createTagUpkeep(services)
  const customers = createCustomerUpkeep(services)
  const listener = { on: () => () => undefined, start: async () => undefined, stop: async () => undefined }
  const due = createDue({ db, clock: stage.clock, listener, log: services.log })
  defineTagOperations({ ...services, due: { ...services.due, define: due.define } })
  return {
    ...stage,
    settle: () => untilFollowed(db, 'tags', () => upkeep.pass()),
    begin: (kind, input) => operations.begin({ kind, corpId, input, startedBy: 'test' }),
    run: (id, stopAfter = Number.POSITIVE_INFINITY) => operations.run(id, { after: stopAfter, how: 'cancelled' }),
    due: async () => void (await due.run()),
    tell: async (events) => {
      const callbacks = events.map((event, at) => ({ id: at, corpId, event }) as unknown as Callback)
      await handleCustomerCallbacks(services, callbacks)
      await untilFollowed(db, 'customers.freshness', () => customers.pass())
    },
    shown: async (userid, externalUserid) => {
      const { follow_user } = await stage.client.customers.get({ external_userid: externalUserid })
      const found = follow_user.find((one) => one.userid === userid)
      return (found?.tags ?? []).flatMap((tag) => (tag.tag_id === undefined ? [] : [tag.tag_name])).sort()
    },
  }
}

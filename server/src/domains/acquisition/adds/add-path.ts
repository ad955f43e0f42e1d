import { commitLazily } from '../../../infra/db/database.ts'
import { createGroupRecorder } from '../../../infra/group-recorder.ts'
import type { Services } from '../../../infra/services.ts'
import { platformMedia } from '../../content/index.ts'
import { applyRelationFacts, isReturning } from '../../customers/index.ts'
import type { Callback } from '../../intake/index.ts'
import { preferencesAddress } from '../../reach/index.ts'
import { adoptWelcomeClaims } from '../welcomes/welcome.store.ts'
import { reviveJob } from '../welcomes/welcome-job.ts'
import { recordWelcomes } from '../welcomes/welcome-record.ts'
import { createWelcomeSender, type WelcomeResult } from '../welcomes/welcome-sender.ts'
import { isAdd } from './add.ts'
import { claimWelcomes } from './add-claim.ts'
import { decideAdd } from './add-decision.ts'
import { relationFactsOf } from './add-facts.ts'
import { codesOfAdd, createAddLookups } from './add-lookups.ts'

export interface AddPath {
  /** Handles callbacks of relations: facts, and for adds the welcome. */
  handle(callbacks: readonly Callback[]): Promise<void>
  /** Goes on with the welcomes that dead processes had claimed. */
  adopt(deadProcesses: readonly number[]): Promise<number>
  readonly waiting: number
  drain(): Promise<void>
}

/** From an add to its welcome: who came, by which channel, what is said, claimed, sent, recorded. */
export function createAddPath(services: Services): AddPath {
  const { db, vault, clock, log, platform } = services
  const lookups = createAddLookups(services)
  const recorder = createGroupRecorder<WelcomeResult>({
    write: (results) => recordWelcomes(services, results),
    lingerMs: 5,
    maxBatch: 500,
    log,
    what: 'welcome results',
  })
  const sender = createWelcomeSender({
    clock,
    log,
    client: (corpId, appId) => platform.forAppId(corpId, appId),
    codes: (job) => codesOfAdd(db, job),
    media: (assetIds, now) => platformMedia(db, assetIds, now),
    preferences: async ({ corpId, customerId }, at) =>
      preferencesAddress(await lookups.site(corpId), vault, corpId, { customerId, at }),
    onResult: (result) => recorder.add(result),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    concurrency: 96,
  })

  return {
    async handle(callbacks) {
      const adds = callbacks.filter(isAdd)
      const channelOf = await lookups.channels(callbacks)
      const memberOf = await lookups.members(adds)
      const welcomesOf = await lookups.welcomes(adds)
      const zoneOf = await lookups.zones(adds)
      const facts = callbacks.flatMap((callback) => relationFactsOf(callback, channelOf(callback)?.id))
      const claimed = await db.transaction().execute(async (tx) => {
        // a claim must be on the disk before its call goes out; everything else is handled again after a crash
        if (!adds.some((add) => add.event.welcomeCode !== undefined)) await commitLazily(tx)
        const { customerOf, relationsBefore } = await applyRelationFacts(tx, vault, facts, clock.now())
        const decided = adds.flatMap((add) => {
          const customerId = customerOf({ corpId: add.corpId, externalUserid: add.event.externalUserId })
          // an add from before the person's erasure, come late
          if (customerId === undefined) return []
          const returning = isReturning({ userid: add.event.userId, at: add.createdAt }, relationsBefore(customerId))
          return decideAdd(add, {
            customerId,
            channel: channelOf(add),
            member: memberOf(add),
            welcomes: welcomesOf(add),
            stage: returning ? 'returning' : 'new',
            zone: zoneOf(add),
          })
        })
        return claimWelcomes(tx, services, decided)
      })
      sender.push(claimed)
    },
    async adopt(deadProcesses) {
      const rows = await adoptWelcomeClaims(db, deadProcesses, services.processId)
      sender.push(rows.map((row) => reviveJob(row.key, row.detail, performance.now())))
      return rows.length
    },
    get waiting() {
      return sender.waiting
    },
    async drain() {
      await sender.drain()
      await recorder.drain()
    },
  }
}

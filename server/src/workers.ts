import { defineDemoAccounts } from './demo/accounts.ts'
import { defineDemoAudiences } from './demo/audiences.ts'
import { defineDemoChannels } from './demo/channels.ts'
import { createChannelUpkeep, defineChannelDue, defineChannelOperations } from './domains/acquisition/index.ts'
import { createAudienceUpkeep, defineAudiences, defineValues } from './domains/audiences/index.ts'
import { createConnectorUpkeep } from './domains/commerce/index.ts'
import { defineMediaUpkeep, scheduleMediaUpkeep } from './domains/content/index.ts'
import {
  createCustomerUpkeep,
  createLifeCycleUpkeep,
  defineCustomerOperations,
  defineLifeCycle,
  defineOwners,
} from './domains/customers/index.ts'
import { defineExports } from './domains/exports/index.ts'
import { createGroupUpkeep, syncGroups } from './domains/groups/index.ts'
import { createImportUpkeep, defineImports } from './domains/imports/index.ts'
import {
  createDoctor,
  defineDemoStores,
  defineStoreOperations,
  listCorps,
  scheduleDoctor,
} from './domains/organisation/index.ts'
import {
  beginApproved,
  createAppMessages,
  createMomentTags,
  createReportUpkeep,
  createRunUpkeep,
  defineCampaignStart,
  defineHeld,
  defineOrphanTags,
  defineOwnSends,
  definePlanning,
  definePresence,
  definePreview,
  defineReportNight,
  defineReportWorks,
  defineSteering,
  giveTemplates,
  recordTouches,
  scheduleOrphanTags,
  scheduleOwnSends,
  scheduleReportNight,
} from './domains/reach/index.ts'
import { createTagUpkeep, defineTagOperations, scheduleTagCheck } from './domains/tags/index.ts'
import { createWeixinUpkeep, defineWeixinOperations } from './domains/weixin/index.ts'
import { openExports } from './exports.ts'
import type { Jobs } from './infra/jobs/jobs.ts'
import { defineRetention, scheduleRetention } from './infra/retention/retention.ts'
import type { Services } from './infra/services.ts'

/** Told what was opened and how it is closed; closing goes in reverse. */
export type Opened = (what: string, close: () => Promise<unknown>) => void

/** Background work of a process with the role `worker`: what each room defines first, then the loops that run it. */
export async function startWorkers(services: Services, jobs: Jobs, opened: Opened): Promise<void> {
  defineChannelOperations(services)
  defineChannelDue(services)
  defineOwners(services)
  defineCustomerOperations(services, (run, client, done) => syncGroups(services, run, client, done))
  defineAudiences(services)
  defineValues(services)
  defineLifeCycle(services)
  defineTagOperations(services)
  defineStoreOperations(services)
  defineImports(services)
  defineExports(services, openExports(services).sources)
  defineWeixinOperations(services)
  defineMediaUpkeep(services)
  defineCampaignStart(services)
  defineReportNight(services)
  defineReportWorks(services)
  definePlanning(services, (tx, runId) => beginApproved(services, tx, runId))
  defineHeld(services)
  defineOwnSends(services)
  defineOrphanTags(services)
  definePreview(services)
  defineSteering(services)
  definePresence(services)
  defineDemoStores(services)
  const doctor = createDoctor(services)
  doctor.define()
  defineDemoAccounts(services)
  defineDemoChannels(services)
  defineDemoAudiences(services)
  const retention = defineRetention(services)

  await jobs.start()
  opened('the job queue', () => jobs.stop())
  services.operations.start(services.db)
  opened('operations', () => services.operations.stop())
  opened('the doctor', () => doctor.stop())
  opened('retention', () => retention.stop())
  services.due.start()
  opened('what is due', () => services.due.stop())
  const upkeeps = {
    'the upkeep of channels': createChannelUpkeep(services),
    'the upkeep of customers': createCustomerUpkeep(services),
    'the upkeep of audiences': createAudienceUpkeep(services),
    'the upkeep of life-cycles': createLifeCycleUpkeep(services),
    'the upkeep of tags': createTagUpkeep(services),
    'the upkeep of WeChat accounts': createWeixinUpkeep(services, recordTouches),
    'the upkeep of groups': createGroupUpkeep(services),
    'reports of campaigns': createReportUpkeep(services),
    connectors: createConnectorUpkeep(services),
    'imported names': createImportUpkeep(services),
    'the runs of campaigns': createRunUpkeep(services),
    'tags of Moments': createMomentTags(services),
    'messages to staff': createAppMessages(services),
  }
  for (const [what, upkeep] of Object.entries(upkeeps)) {
    upkeep.start()
    opened(what, () => upkeep.stop())
  }
}

/** What is due again and again, of the installation and for every connected corp. */
export async function scheduleUpkeep(services: Services): Promise<void> {
  await scheduleRetention(services)
  for (const corp of await listCorps(services.db)) await scheduleCorpUpkeep(services, corp.id)
}

/** What is due again and again for one corp, and what it finds ready: at the start, and from the moment it is connected. */
export async function scheduleCorpUpkeep(services: Services, corpId: number): Promise<void> {
  await scheduleMediaUpkeep(services, corpId)
  await scheduleDoctor(services, corpId)
  await scheduleOwnSends(services, corpId)
  await scheduleOrphanTags(services, services.db, corpId)
  await scheduleTagCheck(services, services.db, corpId)
  await scheduleReportNight(services, corpId)
  await giveTemplates(services, corpId)
}

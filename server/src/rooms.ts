import { channelRouters, welcomeRoutes, welcomeTestRoutes } from './domains/acquisition/index.ts'
import { audienceRouters, rfmRoutes } from './domains/audiences/index.ts'
import {
  apiKeysRoutes,
  connectorRouters,
  orderClaimRoutes,
  ordersRoutes,
  productsRoutes,
  v1Routes,
} from './domains/commerce/index.ts'
import { auditRoutes, erasureRoutes } from './domains/compliance/index.ts'
import { linksRoutes, mediaRoutes, miniProgramOpenRoutes } from './domains/content/index.ts'
import {
  customerSyncRoutes,
  customersRoutes,
  customerViewsRoutes,
  ensureFirstSync,
  fieldRoutes,
  identityKindRoutes,
  knownPersonsRoutes,
  lostRoutes,
  ownersRoutes,
  personIdentityRoutes,
  personRoutes,
  stageRoutes,
} from './domains/customers/index.ts'
import { askedRoutes, exportsRoutes } from './domains/exports/index.ts'
import { groupsRoutes } from './domains/groups/index.ts'
import { importsRoutes } from './domains/imports/index.ts'
import { alarmRoutes, todayRoutes } from './domains/insights/index.ts'
import { callbackLogRoutes } from './domains/intake/index.ts'
import {
  accountsRoutes,
  doctorRoutes,
  guideRoutes,
  leavesRoutes,
  limitsRoutes,
  operationsRoutes,
  sandboxClockRoutes,
  staffRoutes,
  storesRoutes,
  storesTableRoutes,
} from './domains/organisation/index.ts'
import {
  appMessageRoutes,
  campaignRouters,
  comparisonRoutes,
  decisionRoutes,
  groupReportRoutes,
  groupsPreviewRoutes,
  overviewRoutes,
  policyRoutes,
  previewRoutes,
  programmeRoutes,
  quotaRoutes,
  reportRoutes,
  runRoutes,
  wishesRoutes,
} from './domains/reach/index.ts'
import { personTagRoutes, ruleTagRoutes, tagSyncRoutes, tagsRoutes } from './domains/tags/index.ts'
import { customerWeixinRoutes, miniProgramRoutes, weixinAccountRoutes } from './domains/weixin/index.ts'
import { openExports } from './exports.ts'
import type { Api } from './infra/http/api.ts'
import type { Services } from './infra/services.ts'
import { scheduleCorpUpkeep } from './workers.ts'

/** The routes of every room: one line a router. */
export function roomRoutes(services: Services): readonly Api[] {
  return [
    accountsRoutes(services),
    limitsRoutes(services),
    operationsRoutes(services),
    leavesRoutes(services),
    staffRoutes(services),
    storesTableRoutes(services),
    storesRoutes(services),
    guideRoutes(services, {
      async connected(corpId) {
        await scheduleCorpUpkeep(services, corpId)
        await ensureFirstSync(services, corpId)
      },
    }),
    doctorRoutes(services),
    sandboxClockRoutes(services),
    auditRoutes(services),
    erasureRoutes(services),
    callbackLogRoutes(services),
    customerSyncRoutes(services),
    customerViewsRoutes(services),
    knownPersonsRoutes(services),
    lostRoutes(services),
    ownersRoutes(services),
    identityKindRoutes(services),
    personRoutes(services),
    personIdentityRoutes(services),
    personTagRoutes(services),
    tagSyncRoutes(services),
    ruleTagRoutes(services),
    tagsRoutes(services),
    fieldRoutes(services),
    stageRoutes(services),
    customersRoutes(services),
    groupsRoutes(services),
    ...audienceRouters(services),
    rfmRoutes(services),
    ordersRoutes(services),
    orderClaimRoutes(services),
    productsRoutes(services),
    ...connectorRouters(services),
    importsRoutes(services),
    exportsRoutes(services, openExports(services)),
    askedRoutes(services, openExports(services)),
    apiKeysRoutes(services),
    weixinAccountRoutes(services),
    customerWeixinRoutes(services),
    // before the room whose last route answers for all of /v1
    miniProgramRoutes(services),
    miniProgramOpenRoutes(services),
    v1Routes(services),
    linksRoutes(services),
    mediaRoutes(services),
    policyRoutes(services),
    decisionRoutes(services),
    previewRoutes(services),
    quotaRoutes(services),
    wishesRoutes(services),
    appMessageRoutes(services),
    ...campaignRouters(services),
    groupReportRoutes(services),
    groupsPreviewRoutes(services),
    reportRoutes(services),
    programmeRoutes(services),
    comparisonRoutes(services),
    overviewRoutes(services),
    runRoutes(services),
    todayRoutes(services),
    alarmRoutes(services),
    ...channelRouters(services),
    welcomeTestRoutes(services),
    welcomeRoutes(services),
  ]
}

import type { Api } from '../../../infra/http/api.ts'
import type { Services } from '../../../infra/services.ts'
import { approvalRoutes } from '../approvals/approvals.routes.ts'
import { markingRoutes } from '../moments/marking.routes.ts'
import { planRoutes } from '../plan/plan.routes.ts'
import { reachSettingsRoutes } from '../settings/settings.routes.ts'
import { campaignCalendarRoutes } from './calendar.routes.ts'
import { campaignEndRoutes, campaignWritingRoutes } from './campaign-acts.routes.ts'
import { campaignRoutes } from './campaigns.routes.ts'
import { senderSetRoutes } from './sender-sets.routes.ts'

/** Everything about campaigns but what a run does; the calendar before the route that takes any word for an id. */
export function campaignRouters(services: Services): readonly Api[] {
  return [
    campaignCalendarRoutes(services),
    campaignRoutes(services),
    campaignWritingRoutes(services),
    campaignEndRoutes(services),
    planRoutes(services),
    approvalRoutes(services),
    senderSetRoutes(services),
    reachSettingsRoutes(services),
    markingRoutes(services),
  ]
}

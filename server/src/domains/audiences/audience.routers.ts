import type { Api } from '../../infra/http/api.ts'
import type { Services } from '../../infra/services.ts'
import { audiencePreviewRoutes } from './counts/preview.routes.ts'
import { savedAudienceRoutes } from './saved/audience.routes.ts'
import { audienceCompareRoutes } from './saved/compare.routes.ts'
import { audienceMemberRoutes } from './saved/member.routes.ts'

/** Everything of audiences: a rule while it is edited, then the saved ones with their members and how they moved. */
export function audienceRouters(services: Pick<Services, 'db' | 'clock' | 'due' | 'operations'>): readonly Api[] {
  return [
    audiencePreviewRoutes(services),
    savedAudienceRoutes(services),
    audienceMemberRoutes(services),
    audienceCompareRoutes(services),
  ]
}

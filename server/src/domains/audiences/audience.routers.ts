import type { Api } from '../../infra/http/api.ts'
import type { Services } from '../../infra/services.ts'
import { savedAudienceRoutes } from './audience.routes.ts'
import { audienceCompareRoutes } from './compare.routes.ts'
import { audienceMemberRoutes } from './member.routes.ts'

/** Everything of saved audiences. */
export function savedAudienceRouters(services: Pick<Services, 'db' | 'clock' | 'due' | 'operations'>): readonly Api[] {
  return [savedAudienceRoutes(services), audienceMemberRoutes(services), audienceCompareRoutes(services)]
}

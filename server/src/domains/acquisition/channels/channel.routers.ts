import type { Api } from '../../../infra/http/api.ts'
import type { Services } from '../../../infra/services.ts'
import { capacityRoutes } from '../capacity/capacity.routes.ts'
import { codeOrphanRoutes } from '../codes/code-orphans.routes.ts'
import { codePrintRoutes } from '../codes/code-print.routes.ts'
import { linkRoutes } from '../links/link.routes.ts'
import { channelRoutes } from './channel.routes.ts'
import { channelBulkRoutes } from './channel-bulk.routes.ts'
import { channelDataRoutes } from './channel-data.routes.ts'
import { channelPickRoutes } from './channel-pick.routes.ts'
import { channelRouteRoutes } from './channel-route.routes.ts'

/** The routers of channels, those with fixed paths before `/api/channels/{id}`. */
export function channelRouters(services: Services): readonly Api[] {
  return [
    codePrintRoutes(services),
    channelPickRoutes(services),
    channelBulkRoutes(services),
    codeOrphanRoutes(services),
    linkRoutes(services),
    channelRoutes(services),
    channelDataRoutes(services),
    channelRouteRoutes(services),
    capacityRoutes(services),
  ]
}

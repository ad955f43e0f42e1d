import type { Api } from '../../infra/http/api.ts'
import type { Services } from '../../infra/services.ts'
import { channelRoutes } from './channel.routes.ts'
import { codePrintRoutes } from './code-print.routes.ts'

/** The routers of channels, those with fixed paths before `/api/channels/{id}`. */
export function channelRouters(services: Services): readonly Api[] {
  return [codePrintRoutes(services), channelRoutes(services)]
}

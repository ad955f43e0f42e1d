import type { Api } from '../../../infra/http/api.ts'
import type { Services } from '../../../infra/services.ts'
import { connectorsRoutes } from './connectors.routes.ts'
import { mappingRoutes } from './mapping.routes.ts'
import { receiveRoutes } from './receive.routes.ts'

/** 连接器: other systems that are read, that tell us, or that put files into a folder. */
export function connectorRouters(services: Pick<Services, 'db' | 'clock' | 'vault' | 'config'>): readonly Api[] {
  return [connectorsRoutes(services), mappingRoutes(), receiveRoutes(services)]
}

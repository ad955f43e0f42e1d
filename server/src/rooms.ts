import type { Api } from './infra/http/api.ts'
import type { Services } from './infra/services.ts'

/** The routes of every room: one line a router. */
export function roomRoutes(_services: Services): readonly Api[] {
  return []
}

import { createAddPath, handleLinkCallbacks, landingRoutes } from './domains/acquisition/index.ts'
import { auditTrail } from './domains/compliance/index.ts'
import { createOpensInbox, openRoutes } from './domains/content/index.ts'
import { handleCustomerCallbacks } from './domains/customers/index.ts'
import { handleGroupCallbacks } from './domains/groups/index.ts'
import type { Callback } from './domains/intake/index.ts'
import { callbackRoutes, createIntake } from './domains/intake/index.ts'
import { callbackWitness, ownershipRoutes } from './domains/organisation/index.ts'
import { approvalAnswer, handleCardTaps, preferencesRoutes } from './domains/reach/index.ts'
import { createWeixinInbox, weixinCallbackRoutes } from './domains/weixin/index.ts'
import { authenticate, csrfGuard } from './infra/auth/middleware.ts'
import type { Api } from './infra/http/api.ts'
import { type HealthFacts, healthRoutes } from './infra/http/health.ts'
import { servePages } from './infra/http/pages.ts'
import { createApplication } from './infra/http/server.ts'
import type { Services } from './infra/services.ts'
import { roomRoutes } from './rooms.ts'

/** The inboxes and what they lead to, joined. */
export function createPath(services: Services) {
  const addPath = createAddPath(services)
  const handle = (callbacks: readonly Callback[]) =>
    Promise.all([
      addPath.handle(callbacks),
      handleCustomerCallbacks(services, callbacks),
      handleGroupCallbacks(services, callbacks),
      handleLinkCallbacks(services, callbacks),
      handleCardTaps(services, callbacks, [approvalAnswer(services)]),
    ])
  const intake = createIntake(services, { handle: async (callbacks) => void (await handle(callbacks)) })
  services.pressure.watch(() => intake.dispatcher.depth + addPath.waiting)
  return { addPath, intake, weixin: createWeixinInbox(services), opens: createOpensInbox(services) }
}

export type Path = ReturnType<typeof createPath>

/** Everything that one process serves over HTTP. */
export function createHttp(
  services: Services,
  path: Path,
  facts: Omit<HealthFacts, 'depth'>,
  sandboxUrl: string | undefined,
): Api {
  const app = createApplication(services.log, { sandboxUrl })
  app.use('/callbacks/*', callbackWitness(services))
  app.route('/', callbackRoutes(services, path.intake))
  app.route('/', weixinCallbackRoutes(services, path.weixin))
  app.route('/', ownershipRoutes(services))
  app.route('/', healthRoutes(services, { ...facts, depth: () => path.intake.dispatcher.depth }))
  app.route('/', landingRoutes(services))
  app.route('/', openRoutes(services, path.opens))
  app.route('/', preferencesRoutes(services))
  app.use('/api/*', authenticate(services), csrfGuard(services), auditTrail(services))
  for (const routes of roomRoutes(services)) app.route('/', routes)
  app.doc31('/api/openapi.json', { openapi: '3.1.0', info: { title: 'Nuanyu 暖域', version: facts.version } })
  servePages(app, 'console')
  return app
}

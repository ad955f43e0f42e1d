import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiError } from '#shared/api/errors.ts'
import { ErrorState } from './components/ErrorState.tsx'
import { Loading } from './components/Loading.tsx'
import { NotFound } from './frame/NotFound.tsx'
import { queryClient } from './lib/queryClient.ts'
import { may, type Session, sessionQuery } from './lib/session.ts'
import { pages } from './pages/registry.ts'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./pages/login/LoginPage.tsx'), 'LoginPage'),
})

/** Outside the frame, whose every part would be refused. */
const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/password',
  component: lazyRouteComponent(() => import('./pages/login/NewPasswordPage.tsx'), 'NewPasswordPage'),
  beforeLoad: async ({ context }) => {
    const session = await sessionOrLogIn(context.queryClient, '/')
    if (!session.account.must_change_password) throw redirect({ to: '/' })
  },
})

/** Everything but the log-in needs a session; without one we go there and come back. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: lazyRouteComponent(() => import('./frame/Frame.tsx'), 'Frame'),
  beforeLoad: async ({ context, location }) => {
    const session = await sessionOrLogIn(context.queryClient, location.href)
    if (session.account.must_change_password) throw redirect({ to: '/password' })
    // nothing to see yet: a real corp is connected first
    if (session.corp.id === '' && location.pathname === '/' && may(session, 'guide.read'))
      throw redirect({ to: '/settings/connect' })
  },
})

async function sessionOrLogIn(client: QueryClient, href: string): Promise<Session> {
  try {
    return await client.ensureQueryData(sessionQuery)
  } catch (error) {
    if (error instanceof ApiError && error.status === 401)
      throw redirect({ to: '/login', search: href === '/' ? {} : { next: href } })
    throw error
  }
}

/** An address that is no page keeps menu and search around the reader. */
const anythingElse = createRoute({ getParentRoute: () => frame, path: '$', component: NotFound })

const rooms = pages.map((page) =>
  createRoute({ getParentRoute: () => frame, path: page.path, component: page.component }),
)

/** Addresses stay readable: every search parameter is a plain string, `?status=failed&q=王`. */
function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

function stringifySearch(search: Record<string, unknown>): string {
  const filled = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

// Not registered as the one typed router: pages come from a list, so addresses are plain strings everywhere.
export const router = createRouter({
  routeTree: root.addChildren([login, newPassword, frame.addChildren([...rooms, anythingElse])]),
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
  defaultPendingMs: 150,
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
})

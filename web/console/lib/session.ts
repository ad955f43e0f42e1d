import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, ask, setCsrf } from '#shared/api/client.ts'

/** Who is logged in. Fetched once before the first page and kept until log-out. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    const session = await ask(api.GET('/api/auth/me'))
    setCsrf(session.csrf)
    return session
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})

export type Session = Awaited<ReturnType<NonNullable<typeof sessionQuery.queryFn>>>

/** The session inside the frame, where the router has made sure that there is one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('useSession is for pages inside the frame')
  return data
}

export function useMay(permission: string | undefined): boolean {
  return may(useSession(), permission)
}

export function may(session: Pick<Session, 'permissions'>, permission: string | undefined): boolean {
  const held: readonly string[] = session.permissions
  return permission === undefined || held.includes(permission)
}

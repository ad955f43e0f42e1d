import { useQueries } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import type { StaffOption } from '../../components/staff.rules.ts'

/** So many are looked up by name; of more the account stands for itself. */
const mostNamed = 60

/** These members as a picker shows them. */
export function useMemberNames(userids: readonly string[]): StaffOption[] {
  const found = useQueries({
    queries: userids.slice(0, mostNamed).map((userid) => ({
      queryKey: ['staff', 'one', userid],
      queryFn: () => ask(api.GET('/api/staff/{userid}', { params: { path: { userid } } })),
      staleTime: 60_000,
    })),
  })
  return userids.map((id, at) => ({ id, name: found[at]?.data?.name ?? id }))
}

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'

/** Tags, channels and members that the list can be filtered by. */
export function filterOptions(staffQ = '') {
  return queryOptions({
    queryKey: ['customers', 'filters', staffQ],
    queryFn: () => ask(api.GET('/api/customers/filters', { params: { query: { staff_q: staffQ } } })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
}

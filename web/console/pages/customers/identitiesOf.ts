import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { personsKey } from './usePersonDecisions.ts'

const lookMs = 2_000

/** What a person is known by and what is still to be read of him: looked at again while the page is open. */
export function identitiesOf(id: number) {
  return queryOptions({
    queryKey: [...personsKey, 'of', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/identities', { params: { path: { id } } })),
    // the person may be joined, and is read, while the page is open
    refetchInterval: lookMs,
  })
}

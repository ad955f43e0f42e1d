import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { queryClient } from '../../lib/queryClient.ts'
import { identitiesOf } from './identitiesOf.ts'

/**
 * Whoever joins a person, or parts from him, brings or takes his orders, accounts and tags: all that the open page shows of
 * him is read anew the moment that is known, and does not wait until each part looks by itself.
 */
export function useFreshPerson(id: number): void {
  const homes = useQuery(identitiesOf(id))
    .data?.identities.map(({ home_id }) => home_id)
    .sort((a, b) => a - b)
    .join(' ')
  const seen = useRef(homes)
  useEffect(() => {
    if (homes === undefined) return
    if (seen.current !== undefined && seen.current !== homes)
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey.some((part) => String(part) === String(id)),
      })
    seen.current = homes
  }, [homes, id])
}

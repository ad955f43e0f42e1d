import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'

/** The names of the value tiers, by id. */
export function useTiers(): ReadonlyMap<string, string> {
  const { data } = useQuery({ queryKey: ['rfm'], queryFn: () => ask(api.GET('/api/rfm')) })
  return new Map((data?.tiers ?? []).map(({ id, name }) => [id, name]))
}

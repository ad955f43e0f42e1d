import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { type SyncRun, syncKey } from './customers.ts'

const busyMs = 1_000
const idleMs = 30_000

export function isLive(run: Pick<SyncRun, 'state'>): boolean {
  return run.state === 'running' || run.state === 'waiting'
}

/** Where syncs stand; asked for often while one runs. */
export const syncQuery = queryOptions({
  queryKey: syncKey,
  queryFn: () => ask(api.GET('/api/customer-sync')),
  refetchInterval: (query) => (query.state.data?.runs.some(isLive) ? busyMs : idleMs),
})

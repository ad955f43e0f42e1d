import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

export interface KeysetPage<Row> {
  items: Row[]
  next_cursor: string | null
}

export interface KeysetList<Row> {
  rows: Row[] | undefined
  error: Error | null
  /** The first answer is under way. */
  loading: boolean
  /** A later answer is under way; the old rows stay. */
  refreshing: boolean
  page: number
  hasPrevious: boolean
  hasNext: boolean
  previous(): void
  next(): void
  refresh(): void
}

/**
 * A list that pages by key, as every list of the server does. `key` names the list and everything that filters it:
 * when it changes, paging starts at the first page again.
 *
 *   const list = useKeysetList(['customers', filters], (cursor) => ask(api.GET('/api/customers', { params: { query: { ...filters, cursor } } })))
 */
export function useKeysetList<Row>(
  key: readonly unknown[],
  load: (cursor: string | undefined) => Promise<KeysetPage<Row>>,
): KeysetList<Row> {
  const identity = JSON.stringify(key)
  const [place, setPlace] = useState<{ identity: string; cursors: (string | undefined)[] }>({
    identity,
    cursors: [undefined],
  })
  const cursors = place.identity === identity ? place.cursors : [undefined]
  const cursor = cursors.at(-1)
  const client = useQueryClient()
  const query = useQuery({
    queryKey: [...key, 'page', cursor ?? ''],
    queryFn: () => load(cursor),
    placeholderData: keepPreviousData,
  })
  const nextCursor = query.isPlaceholderData ? null : (query.data?.next_cursor ?? null)
  return {
    rows: query.data?.items,
    error: query.error,
    loading: query.isPending,
    refreshing: query.isFetching && !query.isPending,
    page: cursors.length,
    hasPrevious: cursors.length > 1,
    hasNext: nextCursor !== null,
    previous: () => setPlace({ identity, cursors: cursors.slice(0, -1) }),
    next: () => {
      if (nextCursor !== null) setPlace({ identity, cursors: [...cursors, nextCursor] })
    },
    refresh: () => void client.invalidateQueries({ queryKey: key }),
  }
}

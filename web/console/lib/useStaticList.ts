import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeysetList } from './useKeysetList.ts'

/** A list that came whole in one answer, shown in pages of the same table. `rows` are already filtered. */
export function useStaticList<Row>(
  query: Pick<UseQueryResult<unknown>, 'error' | 'isPending' | 'isFetching' | 'refetch'>,
  rows: Row[] | undefined,
  pageSize = 50,
): KeysetList<Row> {
  const [asked, setPage] = useState(1)
  const pages = Math.max(1, Math.ceil((rows?.length ?? 0) / pageSize))
  const page = Math.min(asked, pages)
  return {
    rows: rows?.slice((page - 1) * pageSize, page * pageSize),
    error: query.error,
    loading: query.isPending,
    refreshing: query.isFetching && !query.isPending,
    page,
    hasPrevious: page > 1,
    hasNext: page < pages,
    previous: () => setPage(page - 1),
    next: () => setPage(page + 1),
    refresh: () => void query.refetch(),
  }
}

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { audiencesKey } from './audiences.ts'
import { type Group, writtenOf } from './ruleTree.ts'

/** Typing rests this long before the server counts. */
const restMs = 400

/** How many hold one condition alone. */
export interface LeafCount {
  readonly count: number
  readonly exact: boolean
}

/** What the rule of the editor would hold, counted a moment after the last change. */
export function usePreview(root: Group) {
  const written = useMemo(() => writtenOf(root), [root])
  const now = JSON.stringify(written.rule ?? null)
  const [settled, setSettled] = useState(now)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(now), restMs)
    return () => clearTimeout(timer)
  }, [now])
  const count = (estimate: boolean, enabled: boolean) => ({
    queryKey: [...audiencesKey, 'preview', settled, estimate],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      ask(api.POST('/api/audiences/preview', { body: { rule: JSON.parse(settled), leaves: true, estimate }, signal })),
    enabled: settled !== 'null' && enabled,
    retry: false,
  })
  const first = useQuery({ ...count(true, true), placeholderData: keepPreviousData })
  const isRough =
    !first.isPlaceholderData &&
    first.data !== undefined &&
    (!first.data.exact || first.data.leaves.some(({ exact }) => !exact))
  // what was estimated at once is counted exactly after it
  const second = useQuery(count(false, isRough))
  const data = isRough && second.data !== undefined ? second.data : first.data
  const fresh = now === settled && !first.isPlaceholderData
  const counts = new Map<number, LeafCount>(
    fresh
      ? (data?.leaves ?? []).flatMap(({ at, count, exact }): [number, LeafCount][] => {
          const key = written.places.get(at)
          return key === undefined ? [] : [[key, { count, exact }]]
        })
      : [],
  )
  return {
    written,
    counts,
    data: settled === 'null' ? undefined : data,
    error: settled === 'null' ? null : (first.error ?? second.error),
    /** The answer is that of the rule as it stands. */
    fresh: fresh && data !== undefined,
    counting: settled !== now || first.isFetching || second.isFetching,
  }
}

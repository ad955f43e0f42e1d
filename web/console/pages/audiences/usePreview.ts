import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { audiencesKey } from './audiences.ts'
import { type Group, writtenOf } from './ruleTree.ts'

/** Typing rests this long before the server counts. */
const restMs = 400

/** What the rule of the editor would hold, counted a moment after the last change. */
export function usePreview(root: Group) {
  const written = useMemo(() => writtenOf(root), [root])
  const now = JSON.stringify(written.rule ?? null)
  const [settled, setSettled] = useState(now)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(now), restMs)
    return () => clearTimeout(timer)
  }, [now])
  const query = useQuery({
    queryKey: [...audiencesKey, 'preview', settled],
    queryFn: ({ signal }) =>
      ask(api.POST('/api/audiences/preview', { body: { rule: JSON.parse(settled), leaves: true }, signal })),
    enabled: settled !== 'null',
    placeholderData: keepPreviousData,
    retry: false,
  })
  const fresh = now === settled && !query.isPlaceholderData
  const counts = new Map(
    fresh
      ? (query.data?.leaves ?? []).flatMap(({ at, count }): [number, number][] => {
          const key = written.places.get(at)
          return key === undefined ? [] : [[key, count]]
        })
      : [],
  )
  return {
    written,
    counts,
    data: settled === 'null' ? undefined : query.data,
    error: settled === 'null' ? null : query.error,
    /** The answer is that of the rule as it stands. */
    fresh: fresh && query.data !== undefined,
    counting: settled !== now || query.isFetching,
  }
}

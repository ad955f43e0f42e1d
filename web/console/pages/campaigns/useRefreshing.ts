import { useEffect, useRef } from 'react'

const everyMs = 3_000

/** Reads a list again while what it shows moves. */
export function useRefreshing(refresh: () => void, moving: boolean): void {
  const latest = useRef(refresh)
  latest.current = refresh
  useEffect(() => {
    // what it came to at the end is read once more
    latest.current()
    if (!moving) return
    const timer = setInterval(() => latest.current(), everyMs)
    return () => clearInterval(timer)
  }, [moving])
}

import { useEffect, useState } from 'react'

/** This machine's time, drawn again every `everyMs`; without a period it stands still. */
export function useMachineNow(everyMs: number | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (everyMs === undefined) return
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

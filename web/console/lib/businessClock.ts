import { queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useSession } from './session.ts'

/** How the sandbox's time runs; `askedAt` is this machine's time when the answer came. */
export interface ClockState {
  nowMs: number
  rate: number
  paused: boolean
  askedAt: number
}

/** Business time at a moment of this machine's time, from the last answer of the sandbox's clock. */
export function businessTime(clock: ClockState | undefined, machineMs: number): number {
  if (!clock) return machineMs
  return clock.nowMs + (clock.paused ? 0 : (machineMs - clock.askedAt) * clock.rate)
}

export const clockQuery = queryOptions({
  queryKey: ['sandbox', 'clock'],
  queryFn: async (): Promise<ClockState> => {
    const clock = await ask(api.GET('/api/sandbox/clock'))
    return { nowMs: clock.nowMs, rate: clock.rate, paused: clock.paused, askedAt: Date.now() }
  },
  refetchInterval: 10_000,
})

/** Business time now, drawn again every `everyMs`: the sandbox's where there is one, else the machine's. */
export function useNow(everyMs = 30_000): number {
  const { sandbox } = useSession()
  const { data } = useQuery({ ...clockQuery, enabled: sandbox })
  const [machine, setMachine] = useState(() => Date.now())
  useEffect(() => {
    setMachine(Date.now())
    const timer = setInterval(() => setMachine(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return businessTime(data, Math.max(machine, data?.askedAt ?? 0))
}

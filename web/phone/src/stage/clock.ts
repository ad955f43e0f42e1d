import { useEffect, useState, useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'
import type { ClockState } from '../api/types.ts'

/** The sandbox's clock, followed between its announcements by the machine's time at the announced rate. */
let state: ClockState = { nowMs: Date.now(), rate: 1, paused: false, realMs: Date.now() }
let heardAt = performance.now()
const listeners = new Set<() => void>()

export function setClock(next: ClockState): void {
  state = next
  heardAt = performance.now()
  for (const listener of listeners) listener()
}

export async function loadClock(): Promise<void> {
  setClock(await api.get<ClockState>('clock'))
}

export function sandboxNow(): number {
  return state.paused ? state.nowMs : state.nowMs + (performance.now() - heardAt) * state.rate
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useClockState(): ClockState {
  return useSyncExternalStore(subscribe, () => state)
}

/** Sandbox time in steps: what shows minutes is drawn again once a minute, however fast the clock runs. */
export function useNow(stepMs = 1000): number {
  const clock = useClockState()
  const [now, setNow] = useState(() => stepped(stepMs))
  useEffect(() => {
    setNow(stepped(stepMs))
    if (clock.paused) return
    const timer = setInterval(() => setNow(stepped(stepMs)), clock.rate > 1 ? 200 : 1000)
    return () => clearInterval(timer)
  }, [clock, stepMs])
  return now
}

function stepped(stepMs: number): number {
  return Math.floor(sandboxNow() / stepMs) * stepMs
}

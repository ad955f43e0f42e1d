import { useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  addEventListener('resize', listener)
  return () => removeEventListener('resize', listener)
}

/** The window's width, for the few choices that CSS cannot make (drawer or side menu). */
export function useWidth(): number {
  return useSyncExternalStore(subscribe, () => innerWidth)
}

import { useSyncExternalStore } from 'react'

export type Layout = 'wide' | 'medium' | 'small'
const wide = window.matchMedia('(min-width: 1100px)')
const small = window.matchMedia('(max-width: 699px)')

function subscribe(listener: () => void): () => void {
  wide.addEventListener('change', listener)
  small.addEventListener('change', listener)
  return () => {
    wide.removeEventListener('change', listener)
    small.removeEventListener('change', listener)
  }
}

/** Wide: people, phone and bench beside each other. Medium: phone and tabs. Small: the phone is the screen. */
export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, () => (wide.matches ? 'wide' : small.matches ? 'small' : 'medium'))
}

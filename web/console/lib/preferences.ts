import { useCallback, useSyncExternalStore } from 'react'
import type { Density } from '#shared/theme/antd.ts'
import type { Mode } from '#shared/theme/tokens.ts'

/** What a person arranged on this machine. Never anything that matters elsewhere: losing it costs two clicks. */
export interface Preferences {
  mode: Mode | 'system'
  density: Density
  menuFolded: boolean
}

const storageKey = 'nuanyu.preferences'
const defaults: Preferences = { mode: 'system', density: 'comfortable', menuFolded: false }
const listeners = new Set<() => void>()
let current = read()

export function parsePreferences(text: string | null): Preferences {
  const raw: unknown = text === null ? {} : safeJson(text)
  const has = (key: string) =>
    typeof raw === 'object' && raw !== null && key in raw ? Reflect.get(raw, key) : undefined
  const mode = has('mode')
  return {
    mode: mode === 'light' || mode === 'dark' ? mode : defaults.mode,
    density: has('density') === 'compact' ? 'compact' : defaults.density,
    menuFolded: has('menuFolded') === true,
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Somebody edited the storage by hand; the defaults are right for that too.
    return {}
  }
}

function read(): Preferences {
  return parsePreferences(typeof localStorage === 'undefined' ? null : localStorage.getItem(storageKey))
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  localStorage.setItem(storageKey, JSON.stringify(current))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current)
}

/** What the reader's machine asks for, followed while the page is open. */
function useMedia(query: string): boolean {
  const subscribeQuery = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribeQuery, () => matchMedia(query).matches)
}

/** Light or dark as it is to be drawn now: the person's choice, else the machine's. */
export function useMode(): Mode {
  const { mode } = usePreferences()
  const prefersDark = useMedia('(prefers-color-scheme: dark)')
  if (mode !== 'system') return mode
  return prefersDark ? 'dark' : 'light'
}

export function useMotion(): boolean {
  return !useMedia('(prefers-reduced-motion: reduce)')
}

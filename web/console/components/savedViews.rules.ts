import type { UrlValues } from '../lib/useUrl.ts'

export interface SavedView {
  name: string
  values: UrlValues
}

/** Where a list's views are kept: on this machine, or by the server. */
export interface ViewStore {
  views: readonly SavedView[]
  /** A view of the same name is replaced. */
  save: (view: SavedView) => void
  remove: (name: string) => void
}

const most = 20

/** A view of the same name is replaced; the newest stands first. */
export function keepView(views: readonly SavedView[], view: SavedView): SavedView[] {
  return [view, ...views.filter((kept) => kept.name !== view.name)].slice(0, most)
}

export function parseViews(text: string | null): SavedView[] {
  if (text === null) return []
  try {
    const raw: unknown = JSON.parse(text)
    return Array.isArray(raw) ? raw.filter(isView) : []
  } catch {
    // Edited by hand: no views is the safe reading.
    return []
  }
}

function isView(raw: unknown): raw is SavedView {
  if (typeof raw !== 'object' || raw === null || !('name' in raw) || !('values' in raw)) return false
  const { name, values } = raw
  if (typeof name !== 'string' || typeof values !== 'object' || values === null) return false
  return Object.values(values).every((value) => typeof value === 'string')
}

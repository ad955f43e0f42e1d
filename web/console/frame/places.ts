import { may, type Session } from '../lib/session.ts'
import type { PageEntry } from '../pages/page.ts'
import { type MenuEntry, type MenuGroup, type MenuId, menu } from './menu.ts'

export interface Place extends MenuEntry<MenuId> {
  path: string
}

export interface PlaceGroup extends Omit<MenuGroup<MenuId>, 'entries'> {
  entries: Place[]
}

/** The menu as one person sees it: entries with a page that he may open, and groups that are not empty. */
export function placesFor(session: Pick<Session, 'permissions'>, pages: readonly PageEntry[]): PlaceGroup[] {
  const path = new Map<MenuId, string>()
  for (const page of pages) {
    const isList = !page.path.includes('$')
    if (isList && !path.has(page.menu) && may(session, page.permission)) path.set(page.menu, page.path)
  }
  return menu
    .map((group) => ({
      ...group,
      entries: group.entries.flatMap((entry) => {
        const at = path.get(entry.id)
        return at === undefined ? [] : [{ ...entry, path: at }]
      }),
    }))
    .filter((group) => group.entries.length > 0)
}

/** The registered page that an address shows: the longest path whose fixed segments agree. */
export function pageAt(address: string, pages: readonly PageEntry[]): PageEntry | undefined {
  const asked = address.split('/').filter(Boolean)
  const fits = pages.filter((page) => {
    const own = page.path.split('/').filter(Boolean)
    return own.length === asked.length && own.every((part, at) => part.startsWith('$') || part === asked[at])
  })
  return fits.toSorted((a, b) => dollars(a.path) - dollars(b.path))[0]
}

function dollars(path: string): number {
  return path.split('$').length
}

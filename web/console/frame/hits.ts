import type { Language } from '#shared/i18n/i18n.ts'
import { may, type Session } from '../lib/session.ts'
import type { ActionEntry } from '../pages/actions.ts'
import type { PageEntry } from '../pages/page.ts'
import { inLanguage, matchesEntry } from './menu.ts'
import { placesFor } from './places.ts'

export interface Hit {
  id: string
  kind: 'pages' | 'actions' | 'customers'
  name: string
  where: string
  path: string
}

/** Pages and actions that fit what was typed and that this person may use; nothing typed shows all pages. */
export function findHits(
  typed: string,
  session: Pick<Session, 'permissions'>,
  pages: readonly PageEntry[],
  actions: readonly ActionEntry[],
  language: Language,
): Hit[] {
  const pageHits = placesFor(session, pages).flatMap((group) =>
    group.entries
      .filter((entry) => matchesEntry(entry, typed))
      .map(
        (entry): Hit => ({
          id: `page:${entry.id}`,
          kind: 'pages',
          name: inLanguage(entry, language),
          where: inLanguage(group, language),
          path: entry.path,
        }),
      ),
  )
  const actionHits = actions
    .filter((action) => may(session, action.permission) && matchesEntry(action, typed))
    .map(
      (action): Hit => ({
        id: `action:${action.id}`,
        kind: 'actions',
        name: inLanguage(action, language),
        where: '',
        path: action.path,
      }),
    )
  return [...pageHits, ...actionHits]
}

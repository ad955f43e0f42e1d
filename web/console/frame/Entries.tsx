import { Link } from '@tanstack/react-router'
import type { Language } from '#shared/i18n/i18n.ts'
import { inLanguage, type MenuId } from './menu.ts'
import type { PlaceGroup } from './places.ts'
import styles from './SideMenu.module.css'

export interface GroupProps {
  group: PlaceGroup
  shown: MenuId | undefined
  language: Language
  onGo?: (() => void) | undefined
}

/** The pages of a group, below it or in its flyout. */
export function Entries({ id, hidden, group, shown, language, onGo }: GroupProps & { id?: string; hidden?: boolean }) {
  return (
    <ul id={id} className={styles.entries} hidden={hidden === true}>
      {group.entries.map((entry) => (
        <li key={entry.id}>
          <Link
            to={entry.path}
            className={entry.id === shown ? styles.entryShown : styles.entry}
            aria-current={entry.id === shown ? 'page' : undefined}
            onClick={onGo}
          >
            {inLanguage(entry, language)}
          </Link>
        </li>
      ))}
    </ul>
  )
}

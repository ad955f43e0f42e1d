import { DownOutlined } from '@ant-design/icons'
import { Link, useLocation } from '@tanstack/react-router'
import { useId, useMemo, useState } from 'react'
import type { Language } from '#shared/i18n/i18n.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useSession } from '../lib/session.ts'
import { pages } from '../pages/registry.ts'
import { FoldedGroup } from './FoldedGroup.tsx'
import { groupIcons } from './icons.tsx'
import { inLanguage, type MenuId } from './menu.ts'
import { type PlaceGroup, pageAt, placesFor } from './places.ts'
import styles from './SideMenu.module.css'

/** Two levels, trimmed by what the person may open. Folded, a group is an icon with its entries beside it. */
export function SideMenu({ folded, onGo }: { folded: boolean; onGo?: () => void }) {
  const session = useSession()
  const language = useLanguage()
  const { pathname } = useLocation()
  const groups = useMemo(() => placesFor(session, pages), [session])
  const shown = pageAt(pathname, pages)?.menu
  return (
    <ul className={styles.menu}>
      {groups.map((group) => (
        <li key={group.id}>
          {folded ? (
            <FoldedGroup group={group} shown={shown} language={language} />
          ) : (
            <OpenGroup group={group} shown={shown} language={language} onGo={onGo} />
          )}
        </li>
      ))}
    </ul>
  )
}

export interface GroupProps {
  group: PlaceGroup
  shown: MenuId | undefined
  language: Language
  onGo?: (() => void) | undefined
}

function OpenGroup({ group, shown, language, onGo }: GroupProps) {
  // Groups start open: a closed one hides more than it tidies.
  const [open, setOpen] = useState(true)
  const listId = useId()
  const holdsShown = group.entries.some((entry) => entry.id === shown)
  return (
    <>
      <button
        type="button"
        className={holdsShown ? styles.groupShown : styles.group}
        aria-expanded={open}
        aria-controls={listId}
        onClick={() => setOpen(!open)}
      >
        <span className={styles.icon}>{groupIcons[group.id]}</span>
        <span className={styles.name}>{inLanguage(group, language)}</span>
        <DownOutlined className={open ? styles.arrowOpen : styles.arrow} aria-hidden="true" />
      </button>
      <Entries id={listId} hidden={!open} group={group} shown={shown} language={language} onGo={onGo} />
    </>
  )
}

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

import { DownOutlined } from '@ant-design/icons'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useSession } from '../lib/session.ts'
import { pages } from '../pages/registry.ts'
import { Entries, type GroupProps } from './Entries.tsx'
import { FoldedGroup } from './FoldedGroup.tsx'
import { groupIcons } from './icons.tsx'
import { inLanguage } from './menu.ts'
import { pageAt, placesFor } from './places.ts'
import styles from './SideMenu.module.css'

/** Two levels, trimmed by what the person may open. Folded, a group is an icon with its entries beside it. */
export function SideMenu({ folded, onGo }: { folded: boolean; onGo?: () => void }) {
  const session = useSession()
  const language = useLanguage()
  const { pathname } = useLocation()
  const groups = useMemo(() => placesFor(session, pages), [session])
  const shown = pageAt(pathname, pages)?.menu
  const menu = useRef<HTMLUListElement>(null)
  // the menu is longer than most windows: where one is must not stand below its edge
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page may stand elsewhere in it
  useEffect(() => {
    // newer browsers answer it with a promise, which React would call when the menu goes
    void menu.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' })
  }, [pathname])
  return (
    <ul ref={menu} className={styles.menu}>
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

import { Link, useLocation } from '@tanstack/react-router'
import { Menu, type MenuProps } from 'antd'
import { useMemo, useState } from 'react'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useSession } from '../lib/session.ts'
import { pages } from '../pages/registry.ts'
import { groupIcons } from './icons.tsx'
import { inLanguage } from './menu.ts'
import { pageAt, placesFor } from './places.ts'

/** Two levels, trimmed by what the person may open; the group of the page that is shown is open. */
export function SideMenu({ folded, onGo }: { folded: boolean; onGo?: () => void }) {
  const session = useSession()
  const language = useLanguage()
  const { pathname } = useLocation()
  const groups = useMemo(() => placesFor(session, pages), [session])
  const shown = pageAt(pathname, pages)?.menu
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const items: MenuProps['items'] = groups.map((group) => ({
    key: `group:${group.id}`,
    icon: groupIcons[group.id],
    label: inLanguage(group, language),
    children: group.entries.map((entry) => ({
      key: entry.id,
      label: <Link to={entry.path}>{inLanguage(entry, language)}</Link>,
    })),
  }))
  // All groups start open: with eleven pages a closed group hides more than it tidies.
  const open = groups.map((group) => `group:${group.id}`).filter((key) => !closed.has(key))
  return (
    <Menu
      mode="inline"
      inlineCollapsed={folded}
      items={items}
      selectedKeys={shown === undefined ? [] : [shown]}
      {...(folded ? {} : { openKeys: open })}
      onOpenChange={(keys) => {
        if (!folded) setClosed(new Set(groups.map((g) => `group:${g.id}`).filter((key) => !keys.includes(key))))
      }}
      onClick={() => onGo?.()}
      style={{ borderInlineEnd: 'none', background: 'transparent' }}
    />
  )
}

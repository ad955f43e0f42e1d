import { Popover } from 'antd'
import { useState } from 'react'
import { Entries, type GroupProps } from './Entries.tsx'
import { groupIcons } from './icons.tsx'
import { inLanguage } from './menu.ts'
import styles from './SideMenu.module.css'

/** A group of the folded menu: its icon, and its entries in a flyout. */
export function FoldedGroup({ group, shown, language }: GroupProps) {
  const [open, setOpen] = useState(false)
  const name = inLanguage(group, language)
  const holdsShown = group.entries.some((entry) => entry.id === shown)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger={['hover', 'click']}
      placement="rightTop"
      title={name}
      content={<Entries group={group} shown={shown} language={language} onGo={() => setOpen(false)} />}
    >
      <button
        type="button"
        className={holdsShown ? styles.iconShown : styles.iconOnly}
        aria-label={name}
        aria-expanded={open}
      >
        {groupIcons[group.id]}
      </button>
    </Popover>
  )
}

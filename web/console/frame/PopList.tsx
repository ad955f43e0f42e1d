import { Badge, Button, Popover } from 'antd'
import { type ReactNode, useState } from 'react'
import styles from './PopList.module.css'

export interface PopListProps {
  label: string
  title: string
  icon: ReactNode
  count: number
  urgent?: boolean
  children: (close: () => void) => ReactNode
}

/** A button of the top bar with a number on it, and a list below. */
export function PopList({ label, title, icon, count, urgent, children }: PopListProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      getPopupContainer={(trigger) => trigger.parentElement ?? document.body}
      title={title}
      content={<div className={styles.list}>{children(() => setOpen(false))}</div>}
    >
      <Badge count={count} size="small" offset={[-6, 6]} color={urgent ? 'var(--ny-bad)' : 'var(--ny-jade)'}>
        <Button type="text" icon={icon} aria-label={label} aria-expanded={open} />
      </Badge>
    </Popover>
  )
}

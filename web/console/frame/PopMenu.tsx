import { CheckOutlined } from '@ant-design/icons'
import { Popover } from 'antd'
import { cloneElement, type KeyboardEvent, type ReactElement, useId, useRef, useState } from 'react'
import styles from './PopMenu.module.css'

export interface PopItem {
  key: string
  label: string
  /** One of several: the chosen one is ticked. */
  chosen?: boolean
  onSelect: () => void
}

export interface PopSection {
  key: string
  heading?: string
  items: readonly PopItem[]
}

interface Trigger {
  'aria-haspopup'?: 'menu'
  'aria-expanded'?: boolean
}

/**
 * A small menu below a button, moved through with the arrow keys. antd's own brings 25 KB that the first page would
 * have to wait for.
 */
export function PopMenu({
  label,
  sections,
  children,
}: {
  label: string
  sections: readonly PopSection[]
  children: ReactElement<Trigger>
}) {
  const [open, setOpen] = useState(false)
  const menuId = useId()
  const holder = useRef<HTMLSpanElement>(null)

  const buttons = () => [...(document.getElementById(menuId)?.querySelectorAll<HTMLButtonElement>('button') ?? [])]

  function close(): void {
    setOpen(false)
    holder.current?.querySelector('button')?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const all = buttons()
    const at = all.findIndex((button) => button.matches(':focus'))
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Escape' || event.key === 'Tab') close()
    else if (to !== undefined) all[(to + all.length) % all.length]?.focus({ preventScroll: true })
    else return
    event.preventDefault()
  }

  const content = (
    <div id={menuId} role="menu" aria-label={label} tabIndex={-1} className={styles.menu} onKeyDown={onKeyDown}>
      {sections.map((section) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, these are commands
        <div key={section.key} className={styles.section} role="group" aria-label={section.heading}>
          {section.heading !== undefined && (
            <div className={styles.heading} aria-hidden="true">
              {section.heading}
            </div>
          )}
          {section.items.map((item) => (
            <button
              key={item.key}
              type="button"
              {...roleOf(item)}
              className={styles.item}
              onClick={() => {
                close()
                item.onSelect()
              }}
            >
              {item.chosen !== undefined && (
                <CheckOutlined className={item.chosen ? styles.tick : styles.noTick} aria-hidden="true" />
              )}
              {item.label}
            </button>
          ))}
        </div>
      ))}
    </div>
  )
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      afterOpenChange={(shown) => {
        if (shown)
          (buttons().find((button) => button.ariaChecked === 'true') ?? buttons()[0])?.focus({ preventScroll: true })
      }}
      trigger="click"
      placement="bottomRight"
      arrow={false}
      // The bars stand still while the page scrolls, and so must what hangs from them.
      getPopupContainer={(trigger) => trigger.parentElement ?? document.body}
      content={content}
      styles={{ container: { padding: 6 } }}
    >
      <span ref={holder} className={styles.holder}>
        {cloneElement(children, { 'aria-haspopup': 'menu', 'aria-expanded': open })}
      </span>
    </Popover>
  )
}

function roleOf(item: PopItem): { role: 'menuitem' | 'menuitemradio'; 'aria-checked'?: boolean } {
  return item.chosen === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': item.chosen }
}

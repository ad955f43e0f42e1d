import { type ReactNode, useEffect, useRef } from 'react'
import styles from './parts.module.css'

type Props = { label: string; onClose: () => void; children: ReactNode; kind?: 'bottom' | 'centre' }

/** A dialog inside the phone: takes the focus, keeps it, gives it back, closes on Escape and on the ground beside it. */
export function Sheet({ label, onClose, children, kind = 'bottom' }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  function onKeyDown(event: React.KeyboardEvent) {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    }
    if (event.key !== 'Tab' || !box.current) return
    const stops = [
      ...box.current.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input, textarea, select'),
    ]
    const first = stops[0]
    const last = stops.at(-1)
    const active = document.activeElement
    if (event.shiftKey ? active === first || active === box.current : active === last) {
      event.preventDefault()
      ;(event.shiftKey ? last : first)?.focus()
    }
  }

  return (
    <div className={kind === 'bottom' ? styles.sheetBottom : styles.sheetCentre}>
      <button type="button" className={styles.scrim} tabIndex={-1} aria-hidden="true" onClick={onClose} />
      <div
        ref={box}
        role="dialog"
        aria-modal="true"
        aria-label={label}
        tabIndex={-1}
        className={styles.sheet}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </div>
  )
}

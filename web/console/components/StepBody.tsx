import { type ReactNode, useEffect, useRef } from 'react'

/**
 * The part of a wizard that each of its steps fills. Another step begins at its beginning, also for whoever goes on by keys
 * or hears the page: otherwise the focus stays behind at the button below, or is lost with it.
 */
export function StepBody({
  name,
  className = '',
  children,
}: {
  name: string
  className?: string | undefined
  children: ReactNode
}) {
  const body = useRef<HTMLElement>(null)
  const before = useRef(name)
  useEffect(() => {
    if (before.current === name) return
    before.current = name
    body.current?.focus({ preventScroll: true })
  }, [name])
  return (
    <section ref={body} className={className} aria-label={name} tabIndex={-1}>
      {children}
    </section>
  )
}

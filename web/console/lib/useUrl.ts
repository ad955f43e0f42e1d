import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type UrlValues = Readonly<Record<string, string>>
export type ChangeUrl = (change: Readonly<Record<string, string | undefined>>, options?: { push?: boolean }) => void

/**
 * What the page's address says after the question mark, and how to change it. Filters, the open drawer and the tab
 * live there, so that a link shows a colleague the same thing. `push` makes a step that the back button undoes.
 */
export function useUrl(): [UrlValues, ChangeUrl] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const values: UrlValues = Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  const change = useCallback<ChangeUrl>(
    (changed, options) => {
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => withChange(before, changed),
        replace: options?.push !== true,
        resetScroll: false,
      })
    },
    [navigate],
  )
  return [values, change]
}

/** An empty or absent value takes the parameter out of the address. */
export function withChange(
  before: Readonly<Record<string, unknown>>,
  changed: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const after: Record<string, unknown> = { ...before }
  for (const [key, value] of Object.entries(changed)) {
    if (value === undefined || value === '') delete after[key]
    else after[key] = value
  }
  return after
}

import { useMemo, useState } from 'react'

export interface Pickable {
  key: string
  fixed?: boolean
  hidden?: boolean
}

export interface VisibleColumns<C> {
  visible: C[]
  setHidden: (key: string, hidden: boolean) => void
  reset: () => void
}

/** Which columns a person keeps, by table, on this machine. */
export function useVisibleColumns<C extends Pickable>(table: string, columns: C[]): VisibleColumns<C> {
  const storageKey = `nuanyu.columns.${table}`
  const [choices, setChoices] = useState(() => parseChoices(localStorage.getItem(storageKey)))
  const visible = useMemo(() => visibleColumns(columns, choices), [columns, choices])
  function keep(next: Record<string, boolean>): void {
    setChoices(next)
    if (Object.keys(next).length === 0) localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, JSON.stringify(next))
  }
  return { visible, setHidden: (key, hidden) => keep({ ...choices, [key]: hidden }), reset: () => keep({}) }
}

/** A choice counts only for columns that still exist and may be hidden. */
export function visibleColumns<C extends Pickable>(
  columns: readonly C[],
  hidden: Readonly<Record<string, boolean>>,
): C[] {
  return columns.filter((column) => column.fixed === true || !(hidden[column.key] ?? column.hidden === true))
}

export function parseChoices(text: string | null): Record<string, boolean> {
  if (text === null) return {}
  try {
    const raw: unknown = JSON.parse(text)
    if (typeof raw !== 'object' || raw === null) return {}
    return Object.fromEntries(
      Object.entries(raw).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
    )
  } catch {
    // Edited by hand: the default columns are the right answer.
    return {}
  }
}

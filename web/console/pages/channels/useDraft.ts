import { useEffect, useState } from 'react'
import { type Draft, emptyDraft, readDraft } from './wizard.rules.ts'

export interface DraftState {
  draft: Draft
  change: (change: (before: Draft) => Draft) => void
  /** True when what is shown was left unfinished earlier. */
  restored: boolean
  drop: () => void
  /** Forgets the stored draft: what it held is saved now. */
  saved: () => void
}

const pauseMs = 300

/** A form that is never lost: it is kept on this computer until it is saved or dropped. */
export function useDraft(name: string, start: Draft = emptyDraft()): DraftState {
  const key = `nuanyu.draft.channel.${name}`
  const [stored] = useState(() => readDraft(localStorage.getItem(key)))
  const [draft, setDraft] = useState<Draft>(stored ?? start)
  const [restored, setRestored] = useState(stored !== undefined)
  const [touched, setTouched] = useState(false)
  useEffect(() => {
    if (!touched) return
    const timer = setTimeout(() => localStorage.setItem(key, JSON.stringify(draft)), pauseMs)
    return () => clearTimeout(timer)
  }, [draft, key, touched])
  return {
    draft,
    restored,
    change(change) {
      setTouched(true)
      setDraft(change)
    },
    drop() {
      localStorage.removeItem(key)
      setTouched(false)
      setRestored(false)
      setDraft(start)
    },
    saved() {
      setTouched(false)
      localStorage.removeItem(key)
    },
  }
}

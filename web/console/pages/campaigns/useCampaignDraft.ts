import { useEffect, useRef, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { campaignKey, campaignsKey, type DraftSpec } from './campaign.ts'
import { savable } from './spec.rules.ts'

export interface Draft {
  readonly name: string
  readonly spec: DraftSpec
}

export interface Kept {
  readonly id: string
  readonly version: number
}

export type Saving = 'kept' | 'dirty' | 'saving' | 'unnamed' | 'failed'

/** Typing rests this long before the draft is kept. */
const restMs = 2_500

/**
 * A campaign while it is edited: what is typed is kept on the server a moment later, as one draft version. Nothing is
 * lost by leaving: what is under way then is finished.
 */
export function useCampaignDraft(start: Draft, from: Kept | undefined, onMade: (id: string) => void) {
  const [draft, setDraft] = useState(start)
  const [saved, setSaved] = useState(() => (from === undefined ? undefined : written(start)))
  const [kept, setKept] = useState(from)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const now = written(draft)
  const latest = useRef({ draft, kept, now, saved })
  latest.current = { draft, kept, now, saved }

  const under = useRef<Promise<Kept | undefined>>(Promise.resolve(undefined))

  /** One after the other: two at once would follow the same version, and the second be refused as somebody else's change. */
  function save(): Promise<Kept | undefined> {
    under.current = under.current.then(saveNow)
    return under.current
  }

  async function saveNow(): Promise<Kept | undefined> {
    const { draft, kept, now, saved } = latest.current
    if (draft.name.trim() === '' || now === saved) return kept
    setBusy(true)
    try {
      const body = { name: draft.name.trim(), spec: savable(draft.spec) }
      const answer =
        kept === undefined
          ? await ask(api.POST('/api/campaigns', { body }))
          : await ask(
              api.PUT('/api/campaigns/{id}', {
                params: { path: { id: kept.id } },
                body: { ...body, after: kept.version },
              }),
            )
      const next = { id: answer.id, version: answer.version }
      latest.current = { ...latest.current, kept: next, saved: now }
      setKept(next)
      setSaved(now)
      setError(undefined)
      queryClient.removeQueries({ queryKey: campaignKey(next.id) })
      void queryClient.invalidateQueries({ queryKey: campaignsKey })
      if (kept === undefined) onMade(next.id)
      return next
    } catch (failure) {
      setError(failure)
      return undefined
    } finally {
      setBusy(false)
    }
  }

  const pending = now !== saved && draft.name.trim() !== ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change starts the pause, and one save follows another
  useEffect(() => {
    if (!pending || busy) return
    const timer = setTimeout(() => void save(), restMs)
    return () => clearTimeout(timer)
  }, [now, pending, busy])
  const flush = useRef(save)
  flush.current = save
  useEffect(() => () => void flush.current(), [])

  const saving: Saving =
    error !== undefined ? 'failed' : busy ? 'saving' : draft.name.trim() === '' ? 'unnamed' : pending ? 'dirty' : 'kept'
  return {
    draft,
    change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
    kept,
    saving,
    error,
    save,
  }
}

function written(draft: Draft): string {
  return JSON.stringify([draft.name.trim(), savable(draft.spec)])
}

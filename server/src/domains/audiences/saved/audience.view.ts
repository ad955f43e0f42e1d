import { type Names, words } from '../rules/words.ts'
import { type Audience, driftOf, freshness } from './audience.ts'
import type { RunRow } from './run.store.ts'
import type { AudienceSettings } from './saved.store.ts'

export interface AudienceShown {
  readonly owner: string | null
  readonly nextAt: Date | null
  /** Sizes of the last two computations, the latest first. */
  readonly sizes: readonly number[]
}

export function presentAudience(
  audience: Audience,
  { owner, nextAt, sizes }: AudienceShown,
  { names, settings, now }: { readonly names: Names; readonly settings: AudienceSettings; readonly now: Date },
) {
  const [latest, before] = sizes
  return {
    ...{ id: audience.id, name: audience.name, description: audience.description, kind: audience.kind },
    ...{ version: audience.version, words: words(audience.rule, names), size: audience.size, of: audience.ofPersons },
    computed_at: audience.computedAt?.toISOString() ?? null,
    freshness: freshness(audience, now),
    next_at: nextAt?.toISOString() ?? null,
    drift: latest === undefined || before === undefined ? null : driftOf(before, latest),
    drift_most: audience.driftPercent ?? settings.driftPercent,
    owner,
    updated_at: audience.updatedAt.toISOString(),
  }
}

export function presentRun(run: RunRow) {
  return {
    ...{ id: run.id, version: run.version, cause: run.cause, at: run.at.toISOString(), size: run.size },
    ...{ joined: run.joined, gone: run.gone, took_ms: run.tookMs, comparable: run.kept },
  }
}

import type { Content, DraftSpec, Spec } from '../campaign.ts'
import { newSpec } from '../spec.rules.ts'

/** Whether corp tags say who sees it: then nobody can be left out, held out or compared. */
export function isByTags({ moment }: Pick<Spec, 'moment'>): boolean {
  return (moment?.tags ?? []).length > 0
}

/** By these tags: what cannot be done by tags is taken out. */
export function byTags(spec: DraftSpec, tags: string[]): Partial<DraftSpec> {
  const [first] = spec.variants
  return {
    ...{ moment: { tags }, whom: null, exclusions: [], holdout_permille: 0, canary: null },
    senders: { ...spec.senders, most: null },
    variants: first === undefined ? spec.variants : [{ ...first, for: null, share: 100 }],
  }
}

/** By an audience: what tags took out is as a new one has it. */
export function byAudience(spec: DraftSpec): Partial<DraftSpec> {
  const { holdout_permille, canary } = newSpec('moment')
  return { moment: { tags: [] }, ...(isByTags(spec) ? { holdout_permille, canary } : {}) }
}

export const sorts = ['none', 'image', 'video', 'link'] as const
export type Sort = (typeof sorts)[number]

/** What it shows beside its text: the platform takes one sort. */
export function sortOf({ attachments = [] }: Pick<Content, 'attachments'>): Sort {
  return sorts.find((sort) => sort === attachments[0]?.kind) ?? 'none'
}

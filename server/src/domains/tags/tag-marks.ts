export type Truth = 'ours' | 'wecom'

/** One tag on one relation, as both sides have it. */
export interface MarkStanding {
  /** What our facts come to; undefined: they say nothing of this tag. */
  readonly wanted: boolean | undefined
  /** What both sides last agreed on; undefined: we never had a say. */
  readonly base: boolean | undefined
  /** What the platform shows. */
  readonly theirs: boolean
  /** Who wins where the platform's side changed what was agreed. */
  readonly truth: Truth
}

export type MarkVerdict =
  /** Nothing to do; `base` is what is agreed from now on. */
  | { readonly kind: 'agree'; readonly base: boolean | undefined }
  /** Change it at the platform. */
  | { readonly kind: 'put' }
  | { readonly kind: 'take' }
  /** A hand at the platform decided: it becomes a fact. */
  | { readonly kind: 'accept'; readonly says: boolean }
  /** The platform's side changed it and ours wins: a person looks first. */
  | { readonly kind: 'differ' }

/**
 * A merge of three: what we want, what was agreed, what they have. Only a change on their side of something agreed is a
 * conflict; what nobody of ours ever spoke of is theirs.
 */
export function judgeMark({ wanted, base, theirs, truth }: MarkStanding): MarkVerdict {
  if (wanted === undefined) {
    if (base === true && theirs) return { kind: 'take' }
    return { kind: 'agree', base: undefined }
  }
  if (wanted === theirs) return { kind: 'agree', base: wanted }
  if (base === wanted) return truth === 'wecom' ? { kind: 'accept', says: theirs } : { kind: 'differ' }
  return wanted ? { kind: 'put' } : { kind: 'take' }
}

/** A tag's name as two of a group must not share it. */
export const nameKey = (name: string) => name.trim().normalize('NFKC').toLowerCase()

/** What a name fails, by the platform's limit. */
export function nameFault(name: string, maxChars: number): 'empty' | 'long' | undefined {
  const chars = [...name.trim()].length
  return chars === 0 ? 'empty' : chars > maxChars ? 'long' : undefined
}

/** So many calls, and how long they take. */
export interface Pace {
  readonly calls: number
  readonly perMinute: number
  readonly minutes: number
}

/** What so many calls take at the pace of our share of the limits, of the hour where it is used up before. */
export function paceOf(
  calls: number,
  { perMinute, perHour }: { readonly perMinute: number; readonly perHour: number },
): Pace {
  const pace = Math.max(1, Math.floor(calls > perHour ? Math.min(perMinute, perHour / 60) : perMinute))
  return { calls, perMinute: pace, minutes: calls === 0 ? 0 : Math.max(1, Math.ceil(calls / pace)) }
}

export interface MoveCost {
  /** Relations that carry the tag. */
  readonly marks: number
  readonly calls: number
  readonly minutes: number
}

/** What of the platform's limit this kind of work may take; the rest is left to others. */
export const budgetShare = 0.85

/** New tag, one call a relation, delete: what a move takes at the pace that the platform's limits and our share of them allow. */
export function moveCost(marks: number, limits: { readonly perMinute: number; readonly perHour: number }): MoveCost {
  const share = { perMinute: limits.perMinute * budgetShare, perHour: limits.perHour * budgetShare }
  const { calls, minutes } = paceOf(marks + 2, share)
  return { marks, calls, minutes }
}

/** How many of these do not fit on a relation any more. */
export function overCap(present: readonly string[], add: readonly string[], remove: readonly string[], cap: number) {
  const after = new Set(present)
  for (const id of remove) after.delete(id)
  for (const id of add) after.add(id)
  return Math.max(0, after.size - cap)
}

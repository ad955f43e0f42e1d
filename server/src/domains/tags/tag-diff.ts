import type { Truth } from './tag-marks.ts'

/** A group or tag as we want it. */
export interface OurTag {
  readonly id: string
  readonly kind: 'group' | 'tag'
  /** Of a tag: its group. */
  readonly groupId: string | undefined
  readonly platformId: string
  readonly name: string
  readonly position: number
  readonly baseName: string
  readonly basePosition: number
  /** Our app made it: the platform lets us change it. */
  readonly ours: boolean
  readonly truth: Truth
}

/** The same as the platform shows it. */
export interface TheirTag {
  readonly platformId: string
  readonly kind: 'group' | 'tag'
  readonly groupPlatformId: string | undefined
  readonly name: string
  readonly position: number
}

export type DifferenceKind = 'renamed' | 'reordered' | 'gone' | 'unknown'

export interface Difference {
  /** Stable as long as the difference is. */
  readonly key: string
  readonly kind: DifferenceKind
  readonly of: 'group' | 'tag'
  readonly id: string | undefined
  readonly platformId: string
  readonly ours: string | undefined
  readonly theirs: string | undefined
  /** What both last agreed on. */
  readonly base: string | undefined
  /** Which side wins when it is applied. */
  readonly wins: Truth
  /** Both sides changed what was agreed. */
  readonly conflict: boolean
}

/**
 * What differs between our catalogue and the platform's. What is not ours to change the platform decides, always; of ours
 * the side that alone changed wins, and where both did, the group's owner of truth.
 */
export function differences(ours: readonly OurTag[], theirs: readonly TheirTag[]): readonly Difference[] {
  const shown = new Map(theirs.map((one) => [one.platformId, one]))
  const goneGroups = new Set(
    ours.filter((one) => one.kind === 'group' && !shown.has(one.platformId)).map((one) => one.id),
  )
  const found: Difference[] = []
  for (const one of ours) {
    const their = shown.get(one.platformId)
    const of = one.kind
    if (their === undefined) {
      // a group that is gone says it for its tags
      if (one.groupId !== undefined && goneGroups.has(one.groupId)) continue
      const wins = one.ours ? one.truth : 'wecom'
      found.push({
        key: `gone:${one.platformId}`,
        kind: 'gone',
        of,
        id: one.id,
        platformId: one.platformId,
        ours: one.name,
        theirs: undefined,
        base: one.baseName,
        wins,
        conflict: false,
      })
      continue
    }
    if (their.name !== one.name) found.push(changed(one, 'renamed', one.name, their.name, one.baseName))
    if (their.position !== one.position)
      found.push(changed(one, 'reordered', String(one.position), String(their.position), String(one.basePosition)))
  }
  const known = new Set(ours.map((one) => one.platformId))
  for (const one of theirs) {
    if (known.has(one.platformId)) continue
    found.push({
      ...{ key: `unknown:${one.platformId}`, kind: 'unknown', of: one.kind, id: undefined, platformId: one.platformId },
      ...{ ours: undefined, theirs: one.name, base: undefined, wins: 'wecom', conflict: false },
    })
  }
  return found
}

function changed(one: OurTag, kind: 'renamed' | 'reordered', ours: string, theirs: string, base: string): Difference {
  const conflict = ours !== base && theirs !== base
  const wins = !one.ours ? 'wecom' : conflict ? one.truth : ours !== base ? 'ours' : one.truth
  return {
    key: `${kind}:${one.platformId}`,
    kind,
    of: one.kind,
    id: one.id,
    platformId: one.platformId,
    ours,
    theirs,
    base,
    wins,
    conflict,
  }
}

/** Differences that need nobody's look: their side wins, and nothing of ours is lost by following. */
export const followsAtOnce = (one: Difference): boolean => one.wins === 'wecom' && !one.conflict

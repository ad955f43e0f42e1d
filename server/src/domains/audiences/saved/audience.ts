import type { Said } from '../../../infra/errors.ts'
import { dayMs, localTime, momentOf } from '../../../infra/zone.ts'
import type { Leaf, Rule } from '../rules/rule.schema.ts'
import { audiencesIn, leavesOf } from '../rules/rule.ts'

/** static: as it was when it was computed; refreshed: on schedule; live: as facts come. */
export type AudienceKind = 'static' | 'refreshed' | 'live'

export interface Audience {
  readonly id: string
  readonly corpId: number
  readonly name: string
  readonly description: string
  readonly kind: AudienceKind
  readonly version: number
  readonly rule: Rule
  readonly everyHours: number
  readonly atMinute: number
  readonly driftPercent: number | null
  readonly ownerId: string | null
  readonly size: number | null
  readonly ofPersons: number | null
  readonly computedAt: Date | null
  readonly updatedAt: Date
}

/** The next moment of its schedule: every so many hours, one of which is this minute of the business day. */
export function nextRefresh(
  now: Date,
  zone: string,
  { everyHours, atMinute }: Pick<Audience, 'everyHours' | 'atMinute'>,
): Date {
  const step = Math.max(1, everyHours) * 60
  const { dayNumber, minute } = localTime(now, zone)
  const first = atMinute % step
  const next = first + (Math.floor((minute - first) / step) + 1) * step
  const at = next < 1_440 ? momentOf(dayNumber, next, zone) : momentOf(dayNumber + 1, first, zone)
  // where clocks are put back a minute comes twice
  return at > now ? at : new Date(now.getTime() + step * 60_000)
}

/** How far a size moved, in per cent of what it was. */
export function driftOf(before: number, now: number): number {
  return Math.round((Math.abs(now - before) / Math.max(before, 1)) * 1_000) / 10
}

/** Whether time alone can turn somebody's answer: at a midnight, since windows are business days. */
export function movesWithTime(rule: Rule): boolean {
  return leavesOf(rule).some(leafMoves)
}

function leafMoves(leaf: Leaf): boolean {
  if (leaf.is === 'ago') return true
  if (leaf.is === 'relation') return leaf.sinceDays !== undefined
  if (leaf.is !== 'orders' && leaf.is !== 'events') return false
  return leaf.measure === 'recency' || (leaf.window !== undefined && !('from' in leaf.window))
}

/** Each after those whose marks it reads, so that one pass computes them all. There are no circles. */
export function inOrder<One extends { readonly id: string; readonly rule: Rule }>(all: readonly One[]): readonly One[] {
  const byId = new Map(all.map((one) => [one.id, one]))
  const done = new Map<string, One>()
  const visit = (one: One, above: ReadonlySet<string>): void => {
    if (done.has(one.id) || above.has(one.id)) return
    for (const id of audiencesIn(one.rule)) {
      const next = byId.get(id)
      if (next) visit(next, new Set([...above, one.id]))
    }
    done.set(one.id, one)
  }
  for (const one of all) visit(one, new Set())
  return [...done.values()]
}

/** Whether what is kept is as old as it may be: a schedule that was missed by more than an hour is stale. */
export function freshness(
  one: Pick<Audience, 'kind' | 'everyHours' | 'computedAt'>,
  now: Date,
): 'none' | 'fresh' | 'stale' {
  if (one.computedAt === null) return 'none'
  if (one.kind !== 'refreshed') return 'fresh'
  return now.getTime() - one.computedAt.getTime() > (one.everyHours + 1) * (dayMs / 24) ? 'stale' : 'fresh'
}

export function circleWords(names: readonly string[]): Said {
  const chain = names.map((name) => `“${name}”`).join(' → ')
  return { zh: `分群不能绕回自己：${chain}`, en: `An audience cannot lead back to itself: ${chain}` }
}

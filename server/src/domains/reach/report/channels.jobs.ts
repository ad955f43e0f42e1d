import type { Tx } from '../../../infra/db/database.ts'
import type { Comparison } from './comparisons.store.ts'
import {
  countElsewhere,
  countRunSides,
  drawnPlace,
  type ElsewhereCount,
  elsewhereSpan,
  judgeElsewhere,
} from './elsewhere.store.ts'
import type { Span } from './gather.store.ts'
import { type MatchedSide, match, type Stratum, type Tally } from './matching.ts'
import type { Channel } from './report.schema.ts'
import type { ReportedRun } from './runs.store.ts'
import { keepGuided, keepTraits, strataOf } from './traits.store.ts'

const nothing = { issued: 0, claimed: 0, redeemed: 0, converted: 0, gmv: 0 }

/** Whether there is anything to be held beside a run's own figures: another channel, or the way of a coupon. */
export function hasChannels({ spec }: Pick<ReportedRun, 'spec'>, comparisons: readonly Comparison[]): boolean {
  return spec.coupon !== undefined || spec.elsewhere !== undefined || comparisons.length > 0
}

/**
 * The channels side by side (SC4): those who got the run, those held out, those whom the system drew for another channel, and
 * those whom another channel reached by its own choice, who are matched with people like them. Everybody was gathered before.
 */
export async function countChannels(
  tx: Tx,
  run: ReportedRun,
  span: Span,
  comparisons: readonly Comparison[],
): Promise<Channel[]> {
  if (!hasChannels(run, comparisons)) return []
  await judgeElsewhere(tx, run)
  const { treated, holdout, sent } = await countRunSides(tx)
  const { issued, claimed, redeemed, converted, gmv, reached } = sent ?? { ...nothing, reached: 0 }
  const others = { cost: null, both: 0, raw: null, matched: null }
  const channels: Channel[] = [
    {
      ...{ key: 'sent', name: '', how: 'sent', persons: treated?.persons ?? 0, reached },
      // who named no event for it says that what is delivered holds the coupon
      ...{ issued: isTold(run) ? issued : reached, claimed, redeemed, converted, gmv },
      ...{ ...others, drawn: drawnFrom(treated ?? { ...nothing, persons: 0 }) },
    },
  ]
  if (holdout !== undefined) {
    const { side: _, persons, ...did } = holdout
    const all = { ...did, issued: isTold(run) ? did.issued : 0 }
    channels.push({
      ...{ key: 'holdout', name: '', how: 'held_out', persons, reached: 0, ...all },
      ...{ ...others, drawn: drawnFrom(holdout) },
    })
  }
  const counted = await countElsewhere(tx)
  const { elsewhere } = run.spec
  if (elsewhere !== undefined) channels.push(drawnChannel(run, elsewhere, counted))
  if (comparisons.length === 0) return channels
  const reachedSpan = await elsewhereSpan(tx, run)
  const before = reachedSpan !== undefined && reachedSpan.from < span.firstAt ? reachedSpan.from : span.firstAt
  await keepGuided(tx, run)
  await keepTraits(tx, run, before)
  for (const [at, comparison] of comparisons.entries()) {
    const place = drawnPlace + 1 + at
    const { strata, used } = await strataOf(tx, place)
    channels.push({
      ...channelFrom(
        run,
        counted.find((one) => one.place === place),
      ),
      ...{ key: comparison.id, name: comparison.name, how: 'brought', cost: comparison.cost, drawn: null },
      ...{ raw: { a: summed(strata, 'a'), b: summed(strata, 'b') } },
      matched: { traits: [...used], ...plainly(match(strata)) },
    })
  }
  return channels
}

const isTold = ({ spec }: ReportedRun) => (spec.coupon?.issued ?? null) !== null

function drawnFrom({ persons, converted, redeemed, gmv }: Tally & { readonly gmv: number }) {
  return { persons, converted, redeemed, gmv }
}

function drawnChannel(
  run: ReportedRun,
  { name, cost }: NonNullable<ReportedRun['spec']['elsewhere']>,
  counted: readonly ElsewhereCount[],
): Channel {
  const found = counted.find((one) => one.place === drawnPlace)
  return {
    ...channelFrom(run, found),
    ...{ key: 'drawn', name, how: 'drawn', cost, raw: null, matched: null },
    drawn: {
      ...{ persons: found?.would ?? 0, converted: found?.would_converted ?? 0 },
      ...{ redeemed: found?.would_redeemed ?? 0, gmv: found?.would_gmv ?? 0 },
    },
  }
}

function channelFrom(run: ReportedRun, found: ElsewhereCount | undefined) {
  if (found === undefined) return { persons: 0, both: 0, reached: 0, ...nothing }
  const { persons, both, reached, issued, claimed, redeemed, converted, gmv } = found
  return { persons, both, reached, issued: isTold(run) ? issued : reached, claimed, redeemed, converted, gmv }
}

function summed(strata: readonly Stratum[], side: 'a' | 'b'): Tally {
  const sum = (what: keyof Tally) => strata.reduce((all, one) => all + one[side][what], 0)
  return { persons: sum('persons'), converted: sum('converted'), redeemed: sum('redeemed') }
}

function plainly({ a, b, strata, converted, redeemed, balance }: ReturnType<typeof match>) {
  const side = ({ persons, leftOut, converted: did, redeemed: used }: MatchedSide) => ({
    ...{ persons, leftOut, converted: did, redeemed: used },
  })
  return {
    ...{ strata, a: side(a), b: side(b), balance: [...balance] },
    ...{ converted: converted ?? null, redeemed: redeemed ?? null },
  }
}

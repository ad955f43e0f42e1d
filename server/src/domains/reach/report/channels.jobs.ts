import type { Tx } from '../../../infra/db/database.ts'
import { type Spending, spendingDifference } from './bootstrap.ts'
import type { Comparison } from './comparisons.store.ts'
import {
  countElsewhere,
  countRunSides,
  drawnPlace,
  drawnSlices,
  type ElsewhereCount,
  elsewhereSpan,
  judgeElsewhere,
} from './elsewhere.store.ts'
import type { Span } from './gather.store.ts'
import { add, match, nobody, type Stratum, type Tally } from './matching.ts'
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
 * those whom another channel reached by its own choice, who are matched with people like them. Everybody was gathered before;
 * `spent`: what the planned and the held out paid.
 */
export async function countChannels(
  tx: Tx,
  run: ReportedRun,
  span: Span,
  comparisons: readonly Comparison[],
  spent: { readonly treated: Spending; readonly holdout: Spending },
): Promise<Channel[]> {
  if (!hasChannels(run, comparisons)) return []
  await judgeElsewhere(tx, run)
  const { treated, holdout, sent } = await countRunSides(tx)
  const { issued, claimed, redeemed, converted, gmv, reached } = sent ?? { ...nothing, reached: 0 }
  const others = { cost: null, both: 0, raw: null, matched: null, revenue: null }
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
  if (elsewhere !== undefined) {
    const drawn = drawnChannel(run, elsewhere, counted)
    const slices = await drawnSlices(tx)
    const paid = { persons: drawn.drawn?.persons ?? 0, slices }
    const revenue = {
      ...{ raw: spendingDifference(spent.treated, paid, run.id) ?? null, matched: null },
      lift_other: spendingDifference(paid, spent.holdout, run.id) ?? null,
    }
    channels.push({ ...drawn, revenue })
  }
  if (comparisons.length === 0) return channels
  const reachedSpan = await elsewhereSpan(tx, run)
  const before = reachedSpan !== undefined && reachedSpan.from < span.firstAt ? reachedSpan.from : span.firstAt
  await keepGuided(tx, run)
  await keepTraits(tx, run, before)
  for (const [at, comparison] of comparisons.entries()) {
    const place = drawnPlace + 1 + at
    const { strata, used } = await strataOf(tx, place)
    const raw = { a: summed(strata, 'a'), b: summed(strata, 'b') }
    const matched = match(strata)
    channels.push({
      ...channelFrom(
        run,
        counted.find((one) => one.place === place),
      ),
      ...{ key: comparison.id, name: comparison.name, how: 'brought', cost: comparison.cost, drawn: null },
      raw: { a: peopleOf(raw.a), b: peopleOf(raw.b) },
      matched: { traits: [...used], ...plainly(matched) },
      revenue: {
        ...{ raw: match([{ classes: [], ...raw }]).revenue ?? null, matched: matched.revenue ?? null },
        lift_other: null,
      },
    })
  }
  return channels
}

const isTold = ({ spec }: ReportedRun) => (spec.coupon?.issued ?? null) !== null

function drawnFrom({ persons, converted, redeemed, gmv }: Omit<Tally, 'squares'>) {
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
    ...{ key: 'drawn', name, how: 'drawn', cost, raw: null, matched: null, revenue: null },
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

const summed = (strata: readonly Stratum[], side: 'a' | 'b') => strata.reduce((all, one) => add(all, one[side]), nobody)

const peopleOf = ({ persons, converted, redeemed }: Tally) => ({ persons, converted, redeemed })

function plainly({ a, b, strata, converted, redeemed, balance }: ReturnType<typeof match>) {
  return {
    ...{ strata, a: { ...peopleOf(a), leftOut: a.leftOut }, b: { ...peopleOf(b), leftOut: b.leftOut } },
    ...{ converted: converted ?? null, redeemed: redeemed ?? null, balance: [...balance] },
  }
}

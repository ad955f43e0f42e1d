import type { Said } from '../../../infra/errors.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { definitions } from './definitions.ts'
import type { Trait } from './matching.ts'
import type { Channel, EstimateView, Figures, SideBySide } from './report.schema.ts'
import { difference, type Estimate, isSignificant } from './statistics.ts'

type Measure = 'redeemed' | 'converted'

const traitWords: Readonly<Record<Trait, Said>> = {
  stage: { zh: '生命周期阶段', en: 'Life-cycle stage' },
  tier: { zh: '价值层级', en: 'Value tier' },
  orders: { zh: '此前 90 天订单数', en: 'Orders in the 90 days before' },
  spent: { zh: '此前一年消费（四分位）', en: 'Spent in the year before (quartile)' },
  latest: { zh: '距上次下单', en: 'Since the latest order' },
  store: { zh: '最近下单门店', en: 'Store of the latest order' },
}

/** The channels of a run side by side, as its report shows them; null: it names none, and no coupon. */
export function sideBySideOf(
  { channels, gmv_person }: Figures,
  { coupon }: Pick<CampaignSpec, 'coupon'>,
): SideBySide | null {
  const sent = channels.find(({ how }) => how === 'sent')
  if (sent === undefined) return null
  const holdout = channels.find(({ how }) => how === 'held_out')
  const measures: readonly Measure[] = coupon === undefined ? ['converted'] : ['redeemed', 'converted']
  return {
    coupon: coupon ?? null,
    rows: channels.map(rowOf),
    comparisons: channels
      .filter(({ how }) => how === 'drawn' || how === 'brought')
      .map((other) => ({
        ...{ key: other.key, name: nameOf(other), random: other.how === 'drawn', both: other.both },
        measures: [
          ...measures.map((measure) => ({
            ...{ measure, unit: 'share' as const },
            raw: shown(rawOf(sent, other, measure)),
            lift: shown(between(sent.drawn, holdout?.drawn, measure)),
            lift_other: shown(between(other.drawn, holdout?.drawn, measure)),
            matched: shown(other.matched?.[measure]),
          })),
          ...revenueOf(other, gmv_person),
        ],
        matched: matchedOf(other),
        warning: other.how === 'drawn' ? null : notRandom,
      })),
    definitions: {
      issued: coupon?.issued == null ? definitions.issued_by_reach : definitions.issued,
      ...{ claimed: definitions.claimed, redeemed: definitions.redeemed, redeem_rate: definitions.redeem_rate },
      ...{ reached: definitions.reached, revenue: definitions.revenue, cost: definitions.channel_cost },
      ...{ raw: definitions.raw, lift: definitions.lift, matched: definitions.matched },
    },
  }
}

/** What a person paid, as the lift of the run says it too (fen); nothing of a report from before it was counted. */
function revenueOf({ revenue }: Channel, lift: EstimateView | null): SideBySide['comparisons'][number]['measures'] {
  if (revenue === null) return []
  const { raw, matched, lift_other } = revenue
  const row = { measure: 'revenue', unit: 'fen', lift } as const
  return [{ ...row, raw: shown(raw), lift_other: shown(lift_other), matched: shown(matched) }]
}

const notRandom: Said = {
  zh: '不是随机对比：这些人由谁触达不是系统随机分的（非系统随机分组）。原始差异里混着「本来就不同」，不能当作渠道的效果；匹配对比只消除下列已知特征的差别，没有记录的差别仍在；只有相对随机对照组的增量没有这个问题。',
  en: 'Not a random comparison: it was not the system that drew who was reached by which channel (not random unless split by the system). The raw difference holds what was different anyway and is not what the channel did; the matched one takes away the differences in what is listed, not in what nobody recorded; only the lift against the random holdout is free of that.',
}

function rowOf(one: Channel): SideBySide['rows'][number] {
  const base = one.how === 'held_out' ? one.persons : one.reached
  const share = (hits: number, of: number) => (of === 0 ? null : hits / of)
  return {
    ...{ key: one.key, name: nameOf(one), how: one.how, persons: one.persons },
    reached: one.how === 'held_out' ? null : one.reached,
    ...{ issued: one.issued, claimed: one.claimed, redeemed: one.redeemed, converted: one.converted, gmv: one.gmv },
    ...{ redeem_of_issued: share(one.redeemed, one.issued), redeem_of_claimed: share(one.redeemed, one.claimed) },
    ...{ conversion: share(one.converted, base), gmv_person: share(one.gmv, base) },
    ...{ cost: one.cost, cost_redeemed: one.cost === null ? null : share(one.cost, one.redeemed) },
  }
}

function nameOf({ how, name }: Channel): Said {
  if (how === 'sent') return { zh: '本次发送', en: 'This run' }
  if (how === 'held_out') return { zh: '对照组（随机留出）', en: 'Holdout (drawn)' }
  return how === 'drawn'
    ? { zh: `${name}（系统随机分组）`, en: `${name} (drawn by the system)` }
    : { zh: `${name}（外部触达）`, en: `${name} (reached elsewhere)` }
}

/** All planned against all whom the lot gave to the other channel; of a channel from outside, those reached by either. */
function rawOf(sent: Channel, other: Channel, measure: Measure): Estimate | undefined {
  return other.raw === null ? between(sent.drawn, other.drawn, measure) : between(other.raw.a, other.raw.b, measure)
}

type Counted = { readonly persons: number; readonly redeemed: number; readonly converted: number }

function between(a: Counted | null | undefined, b: Counted | null | undefined, measure: Measure): Estimate | undefined {
  if (a == null || b == null) return undefined
  return difference({ hits: a[measure], persons: a.persons }, { hits: b[measure], persons: b.persons })
}

const shown = (estimate: Estimate | null | undefined): EstimateView | null =>
  estimate == null
    ? null
    : {
        ...{ value: estimate.value, low: estimate.low, high: estimate.high },
        significant: isSignificant(estimate),
      }

function matchedOf({ matched }: Channel): SideBySide['comparisons'][number]['matched'] {
  if (matched === null) return null
  const { a, b, strata, traits, balance } = matched
  return {
    ...{ strata, persons_a: a.persons, persons_b: b.persons, left_out_a: a.leftOut, left_out_b: b.leftOut },
    traits: traits.map((trait, place) => ({
      ...{ key: trait, name: traitWords[trait] },
      ...{ before: balance[place]?.before ?? 0, after: balance[place]?.after ?? 0 },
    })),
  }
}

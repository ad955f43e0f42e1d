import type { Said } from '../../../infra/errors.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { type OffBalance, offBalance, offBalanceWords, offGlobalBalance } from './balance.ts'
import { comparedDefinition, liftDefinitions } from './column-definitions.ts'
import type { ComparisonView, EstimateView, Figures, ReportView, Side } from './report.schema.ts'
import type { ReportedRun } from './runs.store.ts'
import { difference, type Estimate, isSignificant, perDelivered, scaled } from './statistics.ts'

const shown = (estimate: Estimate | undefined): EstimateView | null =>
  estimate === undefined ? null : { ...estimate, significant: isSignificant(estimate) }

const conversion = ({ converted, persons }: Side) => ({ hits: converted, persons })
const deletes = ({ deleted, persons }: Side) => ({ hits: deleted, persons })

/** M36 and the excess of M31: what chance drew against what it held out; null where nobody was held out. */
export function liftOf(figures: Figures, run: Pick<ReportedRun, 'spec' | 'state'>): ReportView['lift'] {
  const { treated, holdout } = figures.sides
  const { gmv_person } = figures
  if (holdout.persons === 0) return null
  const delivery = { hits: treated.delivered, persons: treated.persons }
  const itt = difference(conversion(treated), conversion(holdout))
  const lost = difference(deletes(treated), deletes(holdout))
  const excess = lost === undefined ? undefined : scaled(lost, 1_000)
  return {
    ...{ random: offBalance(figures, run) === undefined, holdout, planned: treated, gmv_person },
    itt: shown(itt),
    delivered: shown(perDelivered(itt, delivery)),
    gmv: gmv_person === null ? null : shown(rounded(scaled(gmv_person, treated.persons))),
    deletes: shown(excess),
    deletes_delivered: shown(perDelivered(excess, delivery)),
    definitions: liftDefinitions,
  }
}

const rounded = ({ value, low, high }: Estimate): Estimate => ({
  ...{ value: Math.round(value), low: Math.round(low), high: Math.round(high) },
})

/** People side by side with others, and how they came to be there. */
export interface Group {
  /** What the API calls it: planned, holdout, variant:0, store:<id> … */
  readonly key: string
  readonly name: Said
  readonly side: Side
  readonly run: number
  /** Of those held out: something but the lot had a say in who they are, beside the planned. */
  readonly off?: OffBalance | undefined
}

/** Whether chance alone put people on these two sides. */
export function isRandom(a: Group, b: Group, { variants }: Pick<CampaignSpec, 'variants'>): boolean {
  if (a.run !== b.run || a.key === b.key) return false
  if (a.off !== undefined || b.off !== undefined) return false
  const both = [a.key, b.key].sort().join(' ')
  if (both === 'holdout planned' || both === 'global_holdout planned') return true
  const [first, second] = [variantOf(a.key), variantOf(b.key)].map((place) => variants[place ?? -1])
  return first !== undefined && second !== undefined && first.for === null && second.for === null
}

const variantOf = (key: string) => (key.startsWith('variant:') ? Number(key.slice('variant:'.length)) : undefined)

/** Two groups side by side; where it was not chance that parted them, the reader is told what the numbers do not say. */
export function compare(a: Group, b: Group, spec: Pick<CampaignSpec, 'variants'>): ComparisonView {
  const random = isRandom(a, b, spec)
  const lost = difference(deletes(a.side), deletes(b.side))
  return {
    key: `${a.key} ${b.key}`,
    ...{ a: { ...a.side, name: a.name }, b: { ...b.side, name: b.name }, random },
    conversion: shown(difference(conversion(a.side), conversion(b.side))),
    deletes: lost === undefined ? null : shown(scaled(lost, 1_000)),
    warning: random ? null : warningOf(a, b),
    definition: comparedDefinition(a, b),
  }
}

function warningOf(a: Group, b: Group): Said {
  const off = a.off ?? b.off
  if (off !== undefined && a.run === b.run && [a.key, b.key].includes('planned')) return offBalanceWords(off)
  const why = whyNot(a, b)
  return {
    zh: `不是随机对比：${why.zh}这个差异不能当作群发的效果，请看旁边按随机对照算出的增量。`,
    en: `Not a random comparison: ${why.en} This difference is not what the send did; hold the lift against the holdout beside it.`,
  }
}

function whyNot(a: Group, b: Group): Said {
  if (a.run !== b.run)
    return {
      zh: '两次发送的人群、时间和内容都不同。',
      en: 'two runs differ in people, time and content.',
    }
  const kinds = new Set([a.key, b.key].map((key) => key.split(':')[0]))
  if (kinds.has('delivered') || kinds.has('undelivered'))
    return {
      zh: '收到的人是员工愿意确认、还没有删除好友的人，本来就更可能购买。',
      en: 'who got it is whose member confirmed and who had deleted nobody: they were more likely to buy anyway.',
    }
  if (kinds.has('variant'))
    return {
      zh: '这些变体按人群或门店分配，收到的人本来就不同。',
      en: 'these variants went to parts of the audience or to stores, so their people differ anyway.',
    }
  return {
    zh: '两边的客户不是由系统随机分开的，本来就不同。',
    en: 'the system did not part these people by chance, so they differ anyway.',
  }
}

/** The comparisons that a report shows by itself. */
export function comparisonsOf(
  figures: Figures,
  run: Pick<ReportedRun, 'id' | 'spec' | 'state'>,
): readonly ComparisonView[] {
  const { spec } = run
  const groups = groupsOf(figures, run)
  const of = (key: string) => groups.find((one) => one.key === key)
  const pairs: [Group | undefined, Group | undefined][] = [
    [of('planned'), of('holdout')],
    [of('delivered'), of('holdout')],
    [of('delivered'), of('undelivered')],
    [of('planned'), of('global_holdout')],
    ...groups
      .filter(({ key }) => key.startsWith('variant:'))
      .slice(1)
      .map((other): [Group | undefined, Group | undefined] => [
        other,
        groups.find(({ key }) => key.startsWith('variant:')),
      ]),
  ]
  return pairs.flatMap(([a, b]) =>
    a === undefined || b === undefined || a.side.persons === 0 || b.side.persons === 0 ? [] : [compare(a, b, spec)],
  )
}

/** The groups of a run that its figures know. */
export function groupsOf(figures: Figures, of: Pick<ReportedRun, 'id' | 'spec' | 'state'>): readonly Group[] {
  const { sides, sends, reached, variants } = figures
  const { id: run, spec } = of
  const named = (key: string, zh: string, en: string, side: Side): Group => ({ key, name: { zh, en }, side, run })
  return [
    named('planned', '应发的人', 'Planned', sides.treated),
    { ...named('holdout', '本次对照组', 'Held out', sides.holdout), off: offBalance(figures, of) },
    {
      ...named('global_holdout', '全局对照组', 'Held out of all campaigns', sides.global),
      off: offGlobalBalance(figures, of),
    },
    named('delivered', '送达的人', 'Delivered', {
      ...{ persons: sends.delivered, delivered: sends.delivered, converted: reached.converted },
      ...{ deleted: reached.deleted, gmv: reached.gmv },
    }),
    named('undelivered', '应发但未送达的人', 'Planned and not delivered', sides.undelivered),
    ...variants.map(({ number, ...side }) => {
      const name = spec.variants[number]?.name ?? String(number)
      return named(`variant:${number}`, `变体 ${name}`, `Variant ${name}`, side)
    }),
  ]
}

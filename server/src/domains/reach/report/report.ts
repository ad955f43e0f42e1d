import type { Said } from '../../../infra/errors.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { type Fate, senderReasons } from '../campaigns/recipient.ts'
import { reasonWords } from '../governor/governor.words.ts'
import { reasons } from '../governor/touch.ts'
import { fateWords, senderWords } from '../plan/reason.words.ts'
import type { Earner } from '../settings/settings.ts'
import { offBalance, offBalanceWords } from './balance.ts'
import { sideBySideOf } from './channels.ts'
import { failureDefinition, leftOutDefinition } from './column-definitions.ts'
import { comparisonsOf, liftOf } from './compare.ts'
import { type DefinitionKey, definitions, staffGmv } from './definitions.ts'
import { definitionOf, momentFailureWords } from './moment-definitions.ts'
import { isPartial } from './partial.ts'
import { type Figures, type FigureView, type ReportView, sourceKeys } from './report.schema.ts'
import type { ReportedRun } from './runs.store.ts'
import { smallestEffect } from './statistics.ts'

type Unit = FigureView['unit']

type Kind = CampaignSpec['kind']

/** A number of people, times or fen, with what it counts. */
function amount(kind: Kind, key: DefinitionKey, unit: Unit, value: number): FigureView {
  return { key, unit, value, hits: null, of: null, definition: definitionOf(key, kind) }
}

/** So many of so many, with what it counts. */
function share(kind: Kind, key: DefinitionKey, hits: number, of: number, unit: Unit = 'share'): FigureView {
  const value = of === 0 ? null : (hits / of) * (unit === 'per_mille' ? 1_000 : 1)
  return { key, unit, value, hits, of, definition: definitionOf(key, kind) }
}

/** Every step with the part of the step before that came so far. */
export function funnelOf({ fates, sends, reached }: Figures, kind: Kind): ReportView['funnel'] {
  const planned = Object.values(fates).reduce((sum, persons) => sum + persons, 0)
  const steps = [
    ['planned', planned, null],
    ['to_send', sends.to_send, planned],
    ['asked', sends.asked, sends.to_send],
    ['confirmed', sends.confirmed, sends.asked],
    ['delivered', sends.delivered, sends.confirmed],
    ['opened', reached.opened, sends.delivered],
    ['converted', reached.converted, sends.delivered],
  ] as const
  return steps.map(([key, value, of]) => ({ ...amount(kind, key, 'persons', value), key, hits: value, of }))
}

/** M27 to M36 and what stands beside them, but for the lift. */
export function numbersOf(figures: Figures, kind: Kind, order: readonly Earner[]): readonly FigureView[] {
  const { fates, tasks, sends, reached, credited, opens, applause } = figures
  const planned = Object.values(fates).reduce((sum, persons) => sum + persons, 0)
  return [
    share(kind, 'task_completion', tasks.in_time, tasks.issued),
    share(kind, 'senders_confirmed', tasks.senders_confirmed, tasks.senders_asked),
    share(kind, 'customers_delivered', sends.delivered, planned),
    share(kind, 'delivery', sends.delivered, sends.to_send),
    share(kind, 'clicks', reached.opened, sends.delivered),
    amount(kind, 'opens_unknown', 'times', opens.unknown),
    ...(kind === 'moment'
      ? (['likes', 'comments', 'beside'] as const).map((key) => amount(kind, key, 'times', applause[key]))
      : []),
    share(kind, 'deletes', reached.deleted, sends.delivered, 'per_mille'),
    share(kind, 'conversion', reached.converted, sends.delivered),
    amount(kind, 'scope_gmv', 'fen', figures.scope_gmv),
    amount(kind, 'credited_gmv', 'fen', credited.net),
    amount(kind, 'first_gmv', 'fen', credited.first_net),
    { ...amount(kind, 'credited_gmv', 'fen', credited.net), key: 'staff_gmv', definition: staffGmv(order) },
  ]
}

/** To what the orders of the run's days are owed (M34), in the order of the rule. */
export function orderSourcesOf({ sources }: Figures): ReportView['order_sources'] {
  const of = (key: (typeof sourceKeys)[number]) => sources.find(({ source }) => source === key)
  return sourceKeys.map((key) => {
    const known = key === 'service_chat' ? undefined : (of(key) ?? { orders: 0, net: 0 })
    return { key, orders: known?.orders ?? null, net: known?.net ?? null, definition: definitions[`from_${key}`] }
  })
}

/** Who of the planned was not to get it, and why, the most first. */
export function leftOut({ reasons: found }: Figures, spec: CampaignSpec): ReportView['left_out'] {
  return found
    .map(({ fate, reason: place, persons }) => {
      const { reason, words } = reasonOf(fate, place, spec)
      return { fate, reason, words, persons, definition: leftOutDefinition(fate, reason, words) }
    })
    .sort((a, b) => b.persons - a.persons)
}

function reasonOf(fate: Fate, reason: number | null, spec: CampaignSpec): { reason: string | null; words: Said } {
  if (reason === null) return { reason: null, words: fateWords(fate) }
  if (fate === 'excluded') {
    const name = spec.exclusions[reason]?.name ?? String(reason + 1)
    return { reason: name, words: { zh: `排除：${name}`, en: `Excluded: ${name}` } }
  }
  const known = fate === 'no_sender' ? senderReasons[reason] : undefined
  if (known !== undefined) return { reason: known, words: senderWords(known) }
  const governed = fate === 'held' || fate === 'dropped' ? reasons[reason] : undefined
  if (governed === undefined) return { reason: String(reason), words: fateWords(fate) }
  const [word, why] = [fateWords(fate), reasonWords(governed)]
  return { reason: governed, words: { zh: `${word.zh}：${why.zh}`, en: `${word.en}: ${why.en}` } }
}

const failureWords = {
  no_friend: { zh: '已不是好友', en: 'No friend any more' },
  over_cap: { zh: '达到平台接收上限', en: 'Over the platform’s cap' },
  not_confirmed: { zh: '员工未确认', en: 'Not confirmed by the member' },
  other: { zh: '已确认，平台还没有报告结果', en: 'Confirmed; the platform has not told the result' },
} as const satisfies Readonly<Record<string, Said>>

export function failuresOf({ sends }: Figures, kind: Kind): ReportView['failures'] {
  const words = kind === 'moment' ? { ...failureWords, ...momentFailureWords } : failureWords
  // of a Moment the platform says that somebody does not see it, never why
  const keys = kind === 'moment' ? momentFailures : allFailures
  return keys.map((key) => ({
    ...{ key, words: words[key], persons: sends[key] },
    definition: failureDefinition(key, kind, words[key]),
  }))
}

const allFailures = ['no_friend', 'over_cap', 'not_confirmed', 'other'] as const
const momentFailures = ['not_confirmed', 'other'] as const

/** What a reader must know before he believes the numbers. */
export function warningsOf(
  figures: Figures,
  run: Pick<ReportedRun, 'spec' | 'state'>,
  final: boolean,
): ReportView['warnings'] {
  const { spec, state } = run
  const { fates } = figures
  const { treated, holdout } = figures.sides
  const found: ReportView['warnings'] = []
  const warn = (code: string, zh: string, en: string) => void found.push({ code, words: { zh, en } })
  if (!final)
    warn(
      'preliminary',
      '还有人的窗口没有结束，数字会继续变化。',
      'Windows of some are still open: the numbers will change.',
    )
  if (isPartial({ state })) found.push({ code: 'partial', words: partialWords(figures, state) })
  if (holdout.persons === 0) {
    if (fates.holdout === 0)
      warn(
        'no_holdout',
        '本次没有留出对照组，看不出增量：转化率里包含本来就会买的人。',
        'Nobody was held out, so there is no lift: the conversion holds those who would have bought anyway.',
      )
    else if (!isPartial({ state }))
      warn(
        'holdout_not_compared',
        `随机留出了 ${fates.holdout} 人，但他们即使没有留出也收不到（被触达治理挡下，或没有可发的员工），没有人可以比，所以看不出增量。`,
        `${fates.holdout} persons were held out, but none of them would have got it anyway (the governor, or nobody to send it): there is nobody to compare with, so there is no lift.`,
      )
  }
  if (holdout.persons > 0) {
    const baseline = holdout.converted / holdout.persons
    const persons = treated.persons + holdout.persons
    const found80 = smallestEffect({ baseline, holdout: holdout.persons / persons }, persons, 80)
    if (holdout.converted < 10 || found80 === undefined || found80 > Math.max(baseline, 0.005))
      warn(
        'small_holdout',
        `对照组只有 ${holdout.persons.toLocaleString('en')} 人、${holdout.converted.toLocaleString('en')} 人转化，小的增量看不出来。`,
        `The holdout has only ${holdout.persons.toLocaleString('en')} persons, ${holdout.converted.toLocaleString('en')} of whom converted: a small lift cannot be seen.`,
      )
  }
  const off = offBalance(figures, run)
  if (off !== undefined) found.push({ code: 'off_balance', words: offBalanceWords(off) })
  if (spec.goal?.metric === 'open')
    warn(
      'open_goal',
      '目标是打开链接：对照组没有收到链接，增量就是打开率本身。',
      'The goal is to open a link: who is held out got none, so the lift is the open rate itself.',
    )
  if (spec.goal !== null && spec.goal.window_hours < 24)
    warn(
      'short_window',
      '目标窗口短于一天，结果取决于一天中的时段，和别的活动不可比。',
      'The window is shorter than a day: the result hangs on the hour of the day and does not compare with other campaigns.',
    )
  return found
}

const partialStates: Readonly<Record<string, Said>> = {
  canary: { zh: '灰度还没有判定', en: 'The canary is not judged yet' },
  stopped: { zh: '这次发送中途停止了', en: 'This run was stopped early' },
  cancelled: { zh: '这次发送中途取消了', en: 'This run was cancelled early' },
}

const nothingSaid: Said = { zh: '', en: '' }

/** Of a run that went out to some only: how far it came, who was held out, and what a lift says of all of them. */
function partialWords({ fates, sends, sides: { treated, holdout } }: Figures, state: string): Said {
  const how = partialStates[state] ?? { zh: '这次只发出了一部分', en: 'This run went out in part' }
  const { to_send, asked } = sends
  const came = {
    zh: `${how.zh}：应发 ${to_send} 人，其中 ${asked} 人的员工收到了任务。`,
    en: `${how.en}: of ${to_send} persons to send to, the members of ${asked} were asked.`,
  }
  if (fates.holdout === 0) return came
  const held = {
    zh: `另有 ${fates.holdout} 人被随机留出，这次不会再发给他们`,
    en: `${fates.holdout} more were held out by the lot and will not get it in this run`,
  }
  if (holdout.persons === 0)
    return {
      zh: `${came.zh}${held.zh}；他们当中没有人是这些员工本来要发的客户，没有人可以比，所以看不出增量。`,
      en: `${came.en} ${held.en}; none of them is somebody to whom these members would have sent, so there is nobody to compare with and no lift.`,
    }
  const count = (persons: number) => persons.toLocaleString('en')
  const rest = fates.holdout - holdout.persons
  const left = {
    zh: `；留出的另外 ${count(rest)} 人和没有下发的人一样没有收到，不参加比较`,
    en: `; the other ${count(rest)} held out got nothing, as those who were never asked for, and are not compared`,
  }
  // where every member was asked before it was stopped, the lift speaks of all of them
  const part = {
    zh: '所以增量只说明已下发的这一部分，不代表全部应发的人。',
    en: ' So the lift speaks of the part that went out, not of all to whom it was to be sent.',
  }
  const [others, says] = [rest > 0 ? left : nothingSaid, asked < to_send ? part : nothingSaid]
  return {
    zh: `${came.zh}${held.zh}。增量只比较这些员工的客户：应发的 ${count(treated.persons)} 人和留出的 ${count(holdout.persons)} 人${others.zh}。${says.zh}`,
    en: `${came.en} ${held.en}. The lift compares the customers of these members alone: ${count(treated.persons)} planned and ${count(holdout.persons)} held out${others.en}.${says.en}`,
  }
}

/** All that the figures say, in the shape of the API; differences and dates come from who asks. */
export function presentFigures(
  figures: Figures,
  run: Pick<ReportedRun, 'id' | 'spec' | 'state' | 'earnerOrder'>,
  final: boolean,
) {
  const { spec } = run
  const lift = liftOf(figures, run)
  return {
    funnel: funnelOf(figures, spec.kind),
    left_out: leftOut(figures, spec),
    failures: failuresOf(figures, spec.kind),
    figures: [...numbersOf(figures, spec.kind, run.earnerOrder)],
    lift,
    comparisons: [...comparisonsOf(figures, run)],
    side_by_side: sideBySideOf(figures, spec),
    order_sources: orderSourcesOf(figures),
    warnings: warningsOf(figures, run, final),
  }
}

import { localTime } from '../../../infra/zone.ts'
import type { Attachment } from '../../content/index.ts'

/** What a customer is greeted with, and how it is chosen. No I/O. */

export const welcomeLevels = ['channel', 'person', 'store', 'default'] as const
export type WelcomeLevel = (typeof welcomeLevels)[number]

export interface WelcomeContent {
  /** May hold {客户昵称}, {员工姓名}, {门店}, {少打扰}. */
  readonly text: string
  /** The wording when the customer's name does not come in time; needed when `text` uses it. */
  readonly textWithoutName?: string | undefined
  readonly attachments: readonly Attachment[]
}

/** Whether a customer had a relation with the brand before this add: with this member or any other, ended or not. */
export const customerStages = ['new', 'returning'] as const
export type CustomerStage = (typeof customerStages)[number]
export const bandStages = ['both', ...customerStages] as const

/** A variant of a welcome: when it runs, for whom it is, and what is said. */
export interface WelcomeBand {
  readonly name: string
  readonly stage: (typeof bandStages)[number]
  /** Bit 0 Monday … bit 6 Sunday: the day on which the band begins; 127: every day. */
  readonly weekdays: number
  readonly fromMinute: number
  /** Not after `fromMinute`: the band runs past midnight. 1440: until midnight. */
  readonly untilMinute: number
  readonly content: WelcomeContent
}

export interface ActiveWelcome {
  readonly id: string
  readonly level: WelcomeLevel
  /** Channel id, userid or store id; empty for the default. */
  readonly target: string
  readonly name: string
  readonly versionId: string
  readonly version: number
  readonly bands: readonly WelcomeBand[]
}

/** What an add is decided on. */
export interface AddCircumstances {
  readonly channelId: string | undefined
  readonly userid: string
  readonly storeId: string | undefined
  readonly stage: CustomerStage
  readonly at: Date
  readonly zone: string
}

export interface ConsideredWelcome {
  readonly level: WelcomeLevel
  readonly welcomeId: string | undefined
  readonly name: string | undefined
  readonly version: number | undefined
  readonly outcome: 'won' | 'overruled' | 'outside_hours' | 'other_customers' | 'not_set' | 'not_applicable'
}

export interface WelcomeDecision {
  readonly welcome: ActiveWelcome | undefined
  readonly band: WelcomeBand | undefined
  /** Every level in order of precedence: what was there, and why it won or lost. */
  readonly considered: readonly ConsideredWelcome[]
}

/**
 * Channel before person before store before default. Within one, of the bands that run at that moment: the first that is
 * for just this kind of customer, else the first that is for both.
 */
export function chooseWelcome(
  welcomes: ReadonlyMap<string, ActiveWelcome>,
  circumstances: AddCircumstances,
): WelcomeDecision {
  const considered: ConsideredWelcome[] = []
  let won: { welcome: ActiveWelcome; band: WelcomeBand } | undefined
  for (const level of welcomeLevels) {
    const target = targetAt(level, circumstances)
    const welcome = target === undefined ? undefined : welcomes.get(welcomeKey(level, target))
    if (welcome === undefined) {
      considered.push({
        level,
        welcomeId: undefined,
        name: undefined,
        version: undefined,
        outcome: target === undefined ? 'not_applicable' : 'not_set',
      })
      continue
    }
    const entry = { level, welcomeId: welcome.id, name: welcome.name, version: welcome.version }
    if (won !== undefined) {
      considered.push({ ...entry, outcome: 'overruled' })
      continue
    }
    const running = bandsAt(welcome.bands, circumstances.at, circumstances.zone)
    const band = bandFor(running, circumstances.stage)
    if (band === undefined) {
      considered.push({ ...entry, outcome: running.length === 0 ? 'outside_hours' : 'other_customers' })
    } else {
      won = { welcome, band }
      considered.push({ ...entry, outcome: 'won' })
    }
  }
  return { welcome: won?.welcome, band: won?.band, considered }
}

export function welcomeKey(level: WelcomeLevel, target: string): string {
  return `${level}:${target}`
}

function targetAt(level: WelcomeLevel, circumstances: AddCircumstances): string | undefined {
  switch (level) {
    case 'channel':
      return circumstances.channelId
    case 'person':
      return circumstances.userid
    case 'store':
      return circumstances.storeId
    case 'default':
      return ''
  }
}

function bandsAt(bands: readonly WelcomeBand[], at: Date, zone: string): readonly WelcomeBand[] {
  const { weekday, minute } = localTime(at, zone)
  return bands.filter((band) => runsAt(band, weekday, minute))
}

function bandFor(running: readonly WelcomeBand[], stage: CustomerStage): WelcomeBand | undefined {
  return running.find((band) => band.stage === stage) ?? running.find((band) => band.stage === 'both')
}

function runsAt(band: WelcomeBand, weekday: number, minute: number): boolean {
  const begins = (day: number) => (band.weekdays & (1 << day)) !== 0
  if (band.fromMinute < band.untilMinute)
    return begins(weekday) && band.fromMinute <= minute && minute < band.untilMinute
  return (begins(weekday) && minute >= band.fromMinute) || (begins((weekday + 6) % 7) && minute < band.untilMinute)
}

import type { components } from '#shared/api/schema.gen.ts'

type Schemas = components['schemas']

export type Spec = Schemas['CampaignSpec']
export type Goal = NonNullable<Schemas['CampaignGoal']>
export type Whom = NonNullable<Schemas['CampaignWhom']>
export type Variant = Schemas['CampaignVariant']
export type Content = Schemas['CampaignContent']
export type Attachment = Schemas['Attachment']
export type Schedule = Schemas['CampaignSchedule']
/** Which groups a send is for. */
export type GroupChoice = Schemas['CampaignGroups']
export type Check = Schemas['CampaignCheck']
export type CampaignRow = Schemas['CampaignRow']
export type CampaignDetail = Schemas['CampaignDetail']
export type RunRow = CampaignDetail['runs'][number]
export type RunState = RunRow['state']

/** A campaign as it stands in the editor: of an exclusion that was just added nobody is named yet. */
export type DraftSpec = Omit<Spec, 'exclusions'> & { exclusions: { name: string; whom: Whom | null }[] }

export const campaignsKey = ['campaigns'] as const
export const campaignKey = (id: string) => [...campaignsKey, 'one', id] as const

export const states = ['draft', 'waiting', 'approved', 'live', 'ended', 'cancelled'] as const
export const senderSetsKey = ['sender-sets'] as const
export const reachSettingsKey = ['reach', 'settings'] as const

export const stateColours = {
  draft: 'default',
  waiting: 'warning',
  approved: 'processing',
  live: 'success',
  ended: 'default',
  cancelled: 'default',
} as const

export type WaitingCampaign = Schemas['CampaignWaiting']
export type Calendar = Schemas['CampaignCalendar']
export type SenderSet = Schemas['SenderSet']
export type Plan = NonNullable<Schemas['CampaignPlan']>
export type Run = Schemas['CampaignRun']
export type MomentMade = Schemas['CampaignMomentMade']
export type RunTask = Schemas['CampaignTask']
export type Recipient = Schemas['CampaignRecipient']

export const fates = [
  ...(['sent_to', 'held', 'dropped', 'excluded', 'holdout', 'global_holdout', 'no_sender', 'elsewhere'] as const),
] as const
export type Fate = (typeof fates)[number]

/** A run that is still under way: its figures move. */
export function isMoving(state: RunState): boolean {
  return ['planning', 'planned', 'canary', 'running', 'paused'].includes(state)
}

/** Its figures still change: it goes on, or what was open is being taken back. */
export function isChanging({ state, ended_at }: Pick<Run, 'state' | 'ended_at'>): boolean {
  return isMoving(state) || ((state === 'stopped' || state === 'cancelled') && ended_at === null)
}

export type Report = Schemas['CampaignReport']
export type ReportFigure = Schemas['ReportFigure']
export type ReportEstimate = Schemas['ReportEstimate']
export type ReportPart = Schemas['ReportPart']
export type ReportParts = Schemas['ReportParts']
export type Rehearsal = Schemas['RehearsalRow']
export type Experiment = Schemas['ExperimentRow']

/** A rule without a condition holds everybody. */
export function isEverybody(rule: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(rule['all']) && rule['all'].length === 0
}

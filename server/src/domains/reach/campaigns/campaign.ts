import type { Rule } from '../../audiences/index.ts'
import type { CampaignSpec } from './campaign.schema.ts'

/**
 * draft → waiting (for approval) → approved → live → ended; cancelled from any but ended. A new version brings it back to
 * draft: what was agreed of an older one is void.
 */
export const campaignStates = ['draft', 'waiting', 'approved', 'live', 'ended', 'cancelled'] as const
export type CampaignState = (typeof campaignStates)[number]

export interface Campaign {
  readonly id: string
  readonly corpId: number
  readonly name: string
  readonly state: CampaignState
  readonly version: number
  readonly template: boolean
  readonly copiedFrom: string | null
  readonly createdBy: string | null
  readonly createdAt: Date
  readonly changedAt: Date
  /** As it is at its version. */
  readonly spec: CampaignSpec
}

/** Runs that still do something. */
export const openRunStates = ['planning', 'planned', 'canary', 'running', 'paused'] as const

/** What may be done with a campaign; an open run goes on by the version that it was made of. */
export function may(
  act: 'edit' | 'submit' | 'cancel' | 'delete',
  { state, template, spec }: Pick<Campaign, 'state' | 'template' | 'spec'>,
): boolean {
  if (act === 'submit') return state === 'draft' && !template
  if (act === 'delete') return state === 'draft'
  if (act === 'cancel') return state !== 'ended' && state !== 'cancelled' && !template
  return (
    state === 'draft' ||
    state === 'waiting' ||
    state === 'approved' ||
    (state === 'live' && spec.schedule.kind === 'recurring')
  )
}

const pages = { customer_send: 'campaigns', group_send: 'group-sends', moment: 'moments' } as const

/** Where the console shows a campaign of this kind. */
export function pageOf(kind: CampaignSpec['kind'], id: string): string {
  return `/engagement/${pages[kind]}/${id}`
}

/** Whom a campaign names, as a rule. */
export function ruleOf(whom: NonNullable<CampaignSpec['whom']>): Rule {
  return 'audience' in whom ? { is: 'audience', id: whom.audience } : whom.rule
}

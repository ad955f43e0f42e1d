import type { RestedOn } from '../campaigns/rests-on.store.ts'
import type { ReachSettings } from '../settings/settings.ts'

/** Who agreed to a version or refused it. */
export interface Verdict {
  readonly accountId: string
  readonly name: string | null
  readonly verdict: 'agree' | 'refuse'
  readonly words: string
  readonly through: 'console' | 'card'
  readonly at: Date
}

/** What a version was submitted with, and what was said of it. */
export interface Submission {
  readonly submittedBy: string | null
  readonly submittedAt: Date
  /** Who gets it by the rehearsal. */
  readonly recipients: number
  readonly needed: number
  /** How the brand was called then; null: submitted before this was kept. */
  readonly brand: string | null
  /** What its words and rules rested on then; null: submitted before this was kept. */
  readonly restsOn: RestedOn | null
  /** Whoever wrote a version of the campaign, or submitted it: none of them may judge it. */
  readonly authors: readonly string[]
  readonly verdicts: readonly Verdict[]
}

/** How many persons must agree, by size and by whom it reaches. */
export function approvalsNeeded(
  reach: { readonly recipients: number; readonly tiers: boolean },
  settings: Pick<ReachSettings, 'oneApprovalMost'>,
): 1 | 2 {
  return reach.recipients > settings.oneApprovalMost || reach.tiers ? 2 : 1
}

/** Why a run is not what those who agreed saw: too many for so few of them, a tier for which two must agree, or far more people. */
export type Outgrown = 'people' | 'tiers' | 'growth'

/** From half again as many on, and not for the few people by which a small audience moves. */
const growth = { factor: 1.5, least: 100 }

/** Whether what was agreed to covers what a run reaches now; undefined: it does. */
export function outgrown(
  agreed: { readonly recipients: number; readonly needed: number },
  now: { readonly recipients: number; readonly tiers: boolean },
  settings: Pick<ReachSettings, 'oneApprovalMost'>,
): Outgrown | undefined {
  if (agreed.needed < approvalsNeeded({ ...now, tiers: false }, settings)) return 'people'
  if (agreed.needed < approvalsNeeded(now, settings)) return 'tiers'
  const more = now.recipients - agreed.recipients
  return more > growth.least && now.recipients > agreed.recipients * growth.factor ? 'growth' : undefined
}

/** Whether enough people agreed, none of them an author, and nobody refused. */
export function isApproved({ needed, authors, verdicts }: Submission): boolean {
  if (verdicts.some((one) => one.verdict === 'refuse')) return false
  const agreed = new Set(verdicts.map((one) => one.accountId).filter((id) => !authors.includes(id)))
  return needed >= 1 && agreed.size >= needed
}

import type { Said } from '../../../infra/errors.ts'
import { isPartial } from './partial.ts'
import type { Figures } from './report.schema.ts'
import type { ReportedRun } from './runs.store.ts'

/** Chance alone is as far off in one of a thousand draws. */
const z = 3.290_526_731

/** The share of those compared who were held out: as it was drawn, and as it is. */
export interface OffBalance {
  readonly drawn: number
  readonly found: number
}

type Drawn = Pick<ReportedRun, 'spec' | 'state'>

/**
 * Whether something but the lot had a say in who is compared (a sample ratio that does not fit): undefined where nothing is
 * seen. It happens where a campaign goes out again and again: who got it is held back from the next by caps and exclusions,
 * who was held out never is. Of a run that went out in part the members asked decide on both sides, so nothing is expected.
 */
export function offBalance({ sides }: Pick<Figures, 'sides'>, run: Drawn): OffBalance | undefined {
  const { holdout_permille, elsewhere } = run.spec
  const drawn = holdout_permille / (1_000 - (elsewhere?.permille ?? 0))
  const [held, whole] = [sides.holdout.persons, sides.holdout.persons + sides.treated.persons]
  if (isPartial(run) || holdout_permille === 0) return undefined
  return judged(drawn, held, whole, whole * drawn * (1 - drawn))
}

/** The same of those whom every campaign leaves out: their share among all that were named, and among those compared. */
export function offGlobalBalance(
  { sides, fates }: Pick<Figures, 'sides' | 'fates'>,
  run: Drawn,
): OffBalance | undefined {
  const { sent_to, held, dropped, no_sender, global_holdout } = fates
  const named = sent_to + held + dropped + no_sender + global_holdout
  const drawn = named === 0 ? 0 : global_holdout / named
  const whole = sides.global.persons + sides.treated.persons
  if (isPartial(run) || drawn === 0 || drawn === 1) return undefined
  // those compared are some of the named, drawn without putting back
  return judged(drawn, sides.global.persons, whole, whole * drawn * (1 - drawn) * Math.max(0, 1 - whole / named))
}

function judged(drawn: number, held: number, whole: number, variance: number): OffBalance | undefined {
  if (whole === 0 || Math.abs(held - whole * drawn) <= z * Math.sqrt(variance) + 1) return undefined
  return { drawn, found: held / whole }
}

export function offBalanceWords({ drawn, found }: OffBalance): Said {
  const [meant, seen] = [drawn, found].map((share) => (share * 100).toFixed(1))
  return {
    zh: `两边的人数与抽签不符：对照组应占 ${meant}%，实际占 ${seen}%。除了抽签，还有别的决定了谁被比较，多见于反复发送的活动：收到过的人被触达治理或排除条件挡在这次之外，对照组没有收到过，不会被挡。这里的差异不能当作群发的效果，请看各次合计或这个活动的第一次发送。`,
    en: `The sides are not as they were drawn: ${meant} % should be held out, and ${seen} % are. Something but the lot decided who is compared, mostly where a campaign goes out again and again: caps and exclusions keep those who got it out of this run, and never those who were held out. This difference is not what the send did; look at all runs together, or at the first run of the campaign.`,
  }
}

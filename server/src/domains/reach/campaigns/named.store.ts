import type { Executor } from '../../../infra/db/database.ts'
import type { Rule } from '../../audiences/index.ts'
import { tagIdsOf } from '../../tags/index.ts'
import type { CampaignSpec } from './campaign.schema.ts'
import { ruleOf } from './campaign.ts'
import { tagsOf } from './moment.checks.ts'

/** The persons whom a campaign names, as a rule; undefined: it names none, or groups. */
export async function ruleNamed(
  on: Executor,
  corpId: number,
  spec: Pick<CampaignSpec, 'kind' | 'moment' | 'whom'>,
): Promise<Rule | undefined> {
  const tags = tagsOf(spec)
  if (tags.length > 0) {
    const ours = await tagIdsOf(on, corpId, tags)
    return ours.size === 0 ? undefined : { is: 'tags', mode: 'any', tags: [...ours.values()] }
  }
  return spec.whom === null ? undefined : ruleOf(spec.whom)
}

import type { Database } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { linkAddress, siteOfCorp } from '../../content/index.ts'
import { preferencesAddress } from '../preferences/preference-token.ts'
import type { CampaignSpec } from './campaign.schema.ts'
import { type CampaignFault, type CheckFacts, checkCampaign } from './checks.ts'
import { storedFacts } from './facts.store.ts'

/** As long as a token is (link-token.ts). */
const anyToken = 'x'.repeat(20)

export type CheckNeeds = Pick<Services, 'config' | 'platform' | 'clock' | 'vault'>

export interface Checked {
  readonly faults: readonly CampaignFault[]
  readonly facts: CheckFacts
}

/** What is wrong with a campaign, by everything that is stored now. */
export async function checked(
  { config, platform, clock, vault }: CheckNeeds,
  on: Database,
  corpId: number,
  spec: CampaignSpec,
): Promise<Checked> {
  const now = clock.now()
  const site = await siteOfCorp(on, config, corpId)
  const facts: CheckFacts = {
    ...(await storedFacts(on, corpId, spec, now)),
    limits: await platform.limits(corpId),
    longestLink: linkAddress(site, anyToken),
    preferences: preferencesAddress(site, vault, corpId),
    now,
  }
  return { faults: checkCampaign(spec, facts), facts }
}

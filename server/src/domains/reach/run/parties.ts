import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { customers } from './customers.ts'
import { groups } from './groups.ts'
import type { Party } from './party.ts'

/** The one place that asks of which kind a campaign is when its tasks are carried out. */
export function partyOf(spec: Pick<CampaignSpec, 'kind'> | undefined): Party {
  return spec?.kind === 'group_send' ? groups : customers
}

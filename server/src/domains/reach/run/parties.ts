import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { customers } from './customers.ts'
import { groups } from './groups.ts'
import type { Party } from './party.ts'

/** The one place that asks of which kind a campaign is when its tasks are carried out. A Moment is no message to anybody. */
export function partyOf(spec: Pick<CampaignSpec, 'kind'> | undefined): Party {
  if (spec?.kind === 'moment') throw new Error('a Moment has no party: its tasks are carried out by reach/moments')
  return spec?.kind === 'group_send' ? groups : customers
}

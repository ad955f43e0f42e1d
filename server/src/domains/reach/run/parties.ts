import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { viewers } from '../moments/viewers.ts'
import { customers } from './customers.ts'
import { groups } from './groups.ts'
import type { MessageParty, Party } from './party.ts'

type Kind = Pick<CampaignSpec, 'kind'> | undefined

/** The one place that asks of which kind a campaign is when its tasks are carried out. */
export function partyOf(spec: Kind): Party {
  return spec?.kind === 'moment' ? viewers : messagesOf(spec)
}

/** Of what goes out as messages. A Moment is none to anybody: nothing of it may ever be sent as one. */
export function messagesOf(spec: Kind): MessageParty {
  if (spec?.kind === 'moment') throw new Error('a Moment is no message: its tasks are carried out by reach/moments')
  return spec?.kind === 'group_send' ? groups : customers
}

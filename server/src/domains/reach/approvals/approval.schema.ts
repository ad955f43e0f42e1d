import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'
import { campaignRow, submissionView } from '../campaigns/campaigns.schema.ts'

export const submitInput = z.object({
  version: z.int().openapi({ description: 'The version that is meant' }),
})
export const verdictInput = submitInput.extend({
  words: z.string().trim().max(300).default('').openapi({ description: 'A refusal says why' }),
})

export const waitingPage = pageOf(
  campaignRow.omit({ run: true }).extend({ submission: submissionView }).openapi('CampaignWaiting'),
)
export const waitingQuery = pageQuery

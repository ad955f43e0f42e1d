import type { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { notFound } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import { submissionOf } from '../approvals/approvals.store.ts'
import { type CheckNeeds, checked } from './campaign.check.ts'
import { campaignThing } from './campaign.words.ts'
import type { campaignDetail } from './campaigns.schema.ts'
import { accountNames, findCampaign, nextStartOf, runsOf, versionsOf } from './campaigns.store.ts'
import { presentDetail, presentSubmission } from './campaigns.view.ts'
import { changedSince, seenAt } from './facts.store.ts'
import { startDue } from './start.jobs.ts'

/** A campaign as it stands now, for this reader: what is wrong with it, who said what of it, what came of it. */
export async function showCampaign(
  services: CheckNeeds & Pick<Services, 'db'>,
  actor: Actor,
  id: string,
): Promise<z.output<typeof campaignDetail>> {
  const { db, config, clock } = services
  const one = await findCampaign(db, actor.corpId, id)
  if (one === undefined) throw notFound(campaignThing)
  const submission = await submissionOf(db, id, one.version)
  const names = await accountNames(db, [one.createdBy, submission?.submittedBy])
  const changed =
    submission === undefined || one.state !== 'waiting'
      ? []
      : await changedSince(db, config, actor.corpId, one.spec, seenAt(submission), clock.now())
  const nextAt = await nextStartOf(db, startDue, id)
  const over = one.state === 'ended' || one.state === 'cancelled'
  return presentDetail(
    { ...one, nextAt, author: one.createdBy === null ? null : (names.get(one.createdBy) ?? null) },
    {
      faults: over ? [] : (await checked(services, db, actor.corpId, one.spec)).faults,
      submission: submission === undefined ? null : presentSubmission(submission, names, actor.accountId, changed),
      versions: await versionsOf(db, id),
      runs: await runsOf(db, id),
    },
  )
}

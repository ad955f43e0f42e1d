import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { insertWelcomeSends, type WelcomeSend } from '../welcomes/welcome.store.ts'
import { claimDetail, type WelcomeJob } from '../welcomes/welcome-job.ts'
import { type DecidedAdd, unsentNoteOf, welcomeJobOf } from './add-decision.ts'

/** Claims the welcomes that can be sent and answers those that are ours; notes the adds that get none, with the reason. */
export async function claimWelcomes(
  tx: Tx,
  { effects, clock }: Pick<Services, 'effects' | 'clock'>,
  decided: readonly DecidedAdd[],
): Promise<readonly WelcomeJob[]> {
  /** By their key: the copies that several apps got of one add may come in one batch. */
  const jobs = new Map<string, WelcomeJob>()
  const notes: WelcomeSend[] = []
  for (const item of decided) {
    const job = welcomeJobOf(item)
    if (job === undefined) notes.push(unsentNoteOf(item))
    else if (!jobs.has(job.key)) jobs.set(job.key, job)
  }
  const won = await effects.claim(
    tx,
    [...jobs.values()].map((job) => ({
      key: job.key,
      corpId: job.corpId,
      kind: 'welcome',
      subject: job.externalUserid,
      detail: claimDetail(job),
    })),
    clock.now(),
  )
  await insertWelcomeSends(tx, notes)
  const mine = [...jobs.values()].filter((job) => won.has(job.key))
  for (const job of mine) job.stages['claimed'] = Math.round((performance.now() - job.receivedMs) * 10) / 10
  return mine
}

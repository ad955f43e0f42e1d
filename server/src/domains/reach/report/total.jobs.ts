import type { Database } from '../../../infra/db/database.ts'
import { gatherFacts, judgeNobody, judgeRecipients, spanOf } from './gather.store.ts'
import { lockReports, type ReportedRun, roomToWork } from './runs.store.ts'
import { addRun, beginTotal, countTotal, type KeptTotal, keepTotal, reportsOf, totalOf } from './total.store.ts'

/** The total is worked out again when a report of one of its runs is so much newer. */
const behindMs = 60 * 60_000

/** What all runs of a campaign came to together (persons once), no more than an hour older than the reports of its runs. */
export async function totalOfRuns(
  db: Database,
  runs: readonly ReportedRun[],
  asOf: Date,
): Promise<KeptTotal | undefined> {
  const [first] = runs
  if (first === undefined || runs.length < 2) return undefined
  return db.transaction().execute(async (tx) => {
    const ids = runs.map(({ id }) => id)
    await lockReports(tx, first.corpId)
    const kept = await totalOf(tx, first.campaignId)
    const latest = (await reportsOf(tx, ids)).asOf
    const same = kept?.figures.runs.length === ids.length && kept.figures.runs.every((id) => ids.includes(id))
    if (kept !== undefined && same && (latest === null || latest.getTime() - kept.asOf.getTime() < behindMs))
      return kept
    await roomToWork(tx)
    await beginTotal(tx)
    for (const run of runs) {
      const span = await spanOf(tx, run)
      if (span === undefined) await judgeNobody(tx)
      else {
        await gatherFacts(tx, run, span, asOf)
        await judgeRecipients(tx, run, span)
      }
      await addRun(tx, run)
    }
    const total = { asOf, figures: await countTotal(tx, runs) }
    await keepTotal(tx, first.corpId, first.campaignId, total)
    return total
  })
}

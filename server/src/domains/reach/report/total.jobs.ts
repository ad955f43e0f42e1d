import type { Database, Executor } from '../../../infra/db/database.ts'
import { gatherFacts, judgeNobody, judgeRecipients, spanOf } from './gather.store.ts'
import { lockReports, type ReportedRun, roomToWork } from './runs.store.ts'
import { addRun, beginTotal, countTotal, type KeptTotal, keepTotal, reportsOf, totalOf } from './total.store.ts'

/** The total is worked out again when a report of one of its runs is so much newer. */
const behindMs = 60 * 60_000

/** The total as it is kept, if it is of these runs and no more than an hour older than their reports. */
async function freshTotal(on: Executor, runs: readonly ReportedRun[]): Promise<KeptTotal | undefined> {
  const [first] = runs
  if (first === undefined) return undefined
  const ids = runs.map(({ id }) => id)
  const kept = await totalOf(on, first.campaignId)
  if (kept === undefined) return undefined
  const latest = (await reportsOf(on, ids)).asOf
  const same = kept.figures.runs.length === ids.length && kept.figures.runs.every((id) => ids.includes(id))
  return same && (latest === null || latest.getTime() - kept.asOf.getTime() < behindMs) ? kept : undefined
}

/** Whether the runs have something to be added up that is not, or no longer as their reports say. */
export async function isBehind(on: Executor, runs: readonly ReportedRun[]): Promise<boolean> {
  return runs.length > 1 && (await freshTotal(on, runs)) === undefined
}

/**
 * What all runs of a campaign came to together (persons once), worked out anew where it is behind. `step` hears of every run
 * that is gathered; what it throws leaves the total as it was.
 */
export async function totalOfRuns(
  db: Database,
  runs: readonly ReportedRun[],
  asOf: Date,
  step: () => Promise<void> = async () => undefined,
): Promise<KeptTotal | undefined> {
  const [first] = runs
  if (first === undefined || runs.length < 2) return undefined
  return db.transaction().execute(async (tx) => {
    await lockReports(tx, first.corpId)
    const fresh = await freshTotal(tx, runs)
    if (fresh !== undefined) return fresh
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
      await step()
    }
    const total = { asOf, figures: await countTotal(tx, runs) }
    await keepTotal(tx, first.corpId, first.campaignId, total)
    return total
  })
}

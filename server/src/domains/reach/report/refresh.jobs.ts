import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Database, Tx } from '../../../infra/db/database.ts'
import { spendingDifference } from './bootstrap.ts'
import { countChannels } from './channels.jobs.ts'
import { comparisonsOf } from './comparisons.store.ts'
import { countCells, countRun, spendingOf } from './count.store.ts'
import { countSources, creditOrders } from './credits.store.ts'
import { elsewhereSpan, gatherElsewhere } from './elsewhere.store.ts'
import { gatherFacts, judgeNobody, judgeRecipients, spanOf } from './gather.store.ts'
import type { Figures } from './report.schema.ts'
import { lockReports, type ReportedRun, roomToWork } from './runs.store.ts'
import { keepParts, keepSnapshot, type Snapshot, snapshotOf } from './snapshots.store.ts'
import { isSignificant } from './statistics.ts'

/**
 * Works out a run's report from what is known up to a moment, and keeps it in the place of the one before. `instead`: of which
 * moment the report is that the caller found too old (null: he found none); if there is another by now, that one is answered.
 * `step` hears of every step (reportSteps of them); what it throws leaves the report as it was.
 */
export async function refreshReport(
  db: Database,
  run: ReportedRun,
  asOf: Date,
  {
    instead,
    step = async () => undefined,
  }: { readonly instead?: { readonly of: Date | null }; readonly step?: () => Promise<void> } = {},
): Promise<Snapshot> {
  return db.transaction().execute(async (tx) => {
    // two runs may owe the same orders to each other
    await lockReports(tx, run.corpId)
    const kept = instead === undefined ? undefined : await snapshotOf(tx, run.id)
    if (kept !== undefined && kept.asOf.getTime() !== instead?.of?.getTime()) return kept
    await roomToWork(tx)
    const snapshot = await workOut(tx, run, asOf, step)
    await keepSnapshot(tx, run, snapshot)
    await keepParts(tx, run)
    await step()
    return snapshot
  })
}

const nothingBought = { sources: [], period: { orders: 0, net: 0 } }

/** So many steps a report has, about as long as each other where there is much to do. */
export const reportSteps = 5

async function workOut(tx: Tx, run: ReportedRun, asOf: Date, step: () => Promise<void>): Promise<Snapshot> {
  const span = await spanOf(tx, run)
  const comparisons = await comparisonsOf(tx, run.id)
  if (span === undefined) await judgeNobody(tx)
  else {
    await gatherElsewhere(tx, run, span, comparisons, asOf)
    await gatherFacts(tx, run, span, asOf, await elsewhereSpan(tx, run))
    await step()
    await judgeRecipients(tx, run, span)
    await creditOrders(tx, run, span)
    await step()
  }
  await countCells(tx, run, await zoneOfCorp(tx, run.corpId))
  await step()
  const { treated, holdout } = await spendingOf(tx, run)
  const spent = spendingDifference(treated, holdout, run.id)
  const figures: Figures = {
    version: 1,
    ...(await countRun(tx, run, span)),
    ...(span === undefined ? nothingBought : await countSources(tx, run, span)),
    channels: span === undefined ? [] : await countChannels(tx, run, span, comparisons, { treated, holdout }),
    gmv_person: spent === undefined ? null : { ...spent, significant: isSignificant(spent) },
    first_at: span?.firstAt.toISOString() ?? null,
    last_at: span?.lastAt.toISOString() ?? null,
  }
  await step()
  return { figures, asOf, closesAt: span?.closesAt ?? null }
}
